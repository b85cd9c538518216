"""Steps that implement the executor contract and record in a file that they ran. VERSION 1"""

import json
import os
import sys
import time

name = sys.argv[2]
with open(sys.argv[sys.argv.index("--executor_input") + 1][1:]) as file:
    contract = json.load(file)
values, outputs = contract["inputs"]["parameterValues"], contract["outputs"]
paths = contract["inputs"]["paths"]


def text_of(path):
    """Returns the content of a file, or of all files of a folder, sorted by name."""
    if os.path.isdir(path):
        return "+".join(text_of(os.path.join(path, name)) for name in sorted(os.listdir(path)))
    with open(path) as file:
        return file.read()


def write(output, value):
    with open(outputs["parameters"][output]["outputFile"], "w") as file:
        json.dump(value, file)


with open(os.environ["NOTES"], "a") as file:
    file.write(name + "\n")
while os.path.exists(os.environ["NOTES"] + ".hold"):
    time.sleep(0.005)
if name == "make":
    place, text = outputs["paths"]["file"], values["text"] + ":" + text_of(paths["data"])
    if values["folder"]:
        os.makedirs(os.path.join(place, "deep"))
        place = os.path.join(place, "deep", "file")
    with open(place, "w") as file:
        file.write(text)
    value = dict(outputs["artifacts"]["file"]["artifacts"][0], metadata={"length": len(text)})
    write("file", value)
elif name == "use":
    (value,) = contract["inputs"]["artifacts"]["file"]["artifacts"]
    write("text", "%s %d" % (text_of(os.path.join(paths["file"], "deep") if values["folder"] else paths["file"]),
                            value["metadata"]["length"]))
elif name == "edit":
    path = os.path.join(paths["file"], "deep", "file") if values["folder"] else paths["file"]
    with open(path, "r+") as file:
        file.write("EDITED")
elif name == "fail":
    sys.exit(10)
elif name == "plain":
    write("text", values["text"])
