package main

// Substitution: replaces tags the way Argo does, in the JSON form of the text.

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr"
)

const (
	opening = "{{"
	closing = "}}"
)

// late lists variables that become known late: an expression with one of them waits for it.
var late = []string{
	"item", "retries", "lastRetry.exitCode", "lastRetry.status", "lastRetry.duration", "lastRetry.message",
	"workflow.status", "workflow.failures",
}

// substitute replaces the tags of a text in one pass.
func substitute(text string, each pass) (string, error) {
	marshalled, err := json.Marshal(text)
	if err != nil {
		return "", err
	}
	replaced, err := replaceTags(string(marshalled), each)
	if err != nil {
		return "", err
	}
	var result string
	if err := json.Unmarshal([]byte(replaced), &result); err != nil {
		return "", fmt.Errorf("the substituted text is invalid JSON: %w", err)
	}
	return result, nil
}

func replaceTags(text string, each pass) (string, error) {
	var written strings.Builder
	rest := text
	for {
		before, after, found := strings.Cut(rest, opening)
		written.WriteString(before)
		if !found {
			return written.String(), nil
		}
		tag, behind, closed := strings.Cut(after, closing)
		if !closed {
			return "", errors.New("unclosed tag")
		}
		replaced, err := replaceTag(tag, each)
		if err != nil {
			return "", err
		}
		written.WriteString(replaced)
		rest = behind
	}
}

func replaceTag(tag string, each pass) (string, error) {
	if expression, is := strings.CutPrefix(tag, "="); is {
		return expressionTag(expression, each)
	}
	name := strings.TrimSpace(tag)
	value, known := each.Variables[name]
	if !known {
		if isStrict(name, each.Strict) && !strings.Contains(name, ".outputs.artifacts.") {
			return "", fmt.Errorf("unknown variable %q", name)
		}
		return opening + tag + closing, nil
	}
	text, isString := value.(string)
	if !isString {
		return "", fmt.Errorf("the variable %q is not a string", name)
	}
	return inside(strconv.Quote(text)), nil
}

// expressionTag evaluates the expression of a tag, which is part of a JSON string.
func expressionTag(escaped string, each pass) (string, error) {
	// Go escapes these three characters in JSON; Argo undoes that wherever it sees the escapes.
	escaped = strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(escaped)
	var expression string
	if err := json.Unmarshal([]byte(`"`+escaped+`"`), &expression); err != nil {
		return "", fmt.Errorf("invalid expression in a JSON string: %w", err)
	}
	environment := environmentOf(each.Variables)
	missing, err := missingNames(expression, environment)
	if err != nil {
		return "", err
	}
	for _, name := range missing {
		if isStrict(name, each.Strict) {
			return "", fmt.Errorf("unknown variable %q", name)
		}
	}
	lenient := len(missing) > 0 || len(each.Strict) == 0
	unresolved := opening + "=" + escaped + closing
	if lenient && slices.ContainsFunc(missing, func(name string) bool { return slices.Contains(late, name) }) {
		return unresolved, nil
	}
	result, err := evaluate(expression, environment)
	if err == nil && result == nil {
		err = fmt.Errorf("the result is nil: %s", expression)
	}
	var text string
	if err == nil {
		text, err = printed(result)
	}
	if err != nil && lenient {
		return unresolved, nil
	}
	return text, err
}

// printed encodes the result as part of a JSON string: strings as they are, everything else as JSON.
func printed(result any) (string, error) {
	marshalled, err := json.Marshal(result)
	if err != nil {
		return "", err
	}
	if len(marshalled) > 1 && marshalled[0] == '"' && marshalled[len(marshalled)-1] == '"' {
		return inside(string(marshalled)), nil
	}
	return inside(strconv.Quote(string(marshalled))), nil
}

// bare evaluates an expression without tags, as used for the outputs of a graph.
func bare(expression string, variables map[string]any) (string, error) {
	result, err := evaluate(expression, environmentOf(variables))
	if err != nil {
		return "", err
	}
	switch result := result.(type) {
	case nil:
		return "", fmt.Errorf("the result is nil: %s", expression)
	case string:
		return result, nil
	default:
		marshalled, err := json.Marshal(result)
		return string(marshalled), err
	}
}

// compile returns the compile error of the expression.
func compile(expression string, variables map[string]any) error {
	_, err := expr.Compile(expression, expr.Env(environmentOf(variables)))
	return err
}

func evaluate(expression string, environment map[string]any) (any, error) {
	program, err := expr.Compile(expression, expr.Env(environment))
	if err != nil {
		return nil, err
	}
	return expr.Run(program, environment)
}

func isStrict(name string, strict []string) bool {
	return slices.ContainsFunc(strict, func(prefix string) bool {
		return name == prefix || strings.HasPrefix(name, prefix+".")
	})
}

// inside strips the quotes of a quoted string.
func inside(quoted string) string {
	return quoted[1 : len(quoted)-1]
}
