try:
    SOURCE = importlib.util.decode_source(sys.stdin.buffer.read())
    result = describe(ast.parse(SOURCE))
except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
    message = getattr(error, "msg", None) or str(error) or type(error).__name__
    result = {"error": {"line": getattr(error, "lineno", None), "message": message}}
sys.stdout.buffer.write(json.dumps(result).encode("ascii"))
