package main

// The environment of expressions: variables as nested maps, and the functions that Argo adds.

import (
	"encoding/json"
	"strings"

	"github.com/Masterminds/sprig/v3"
	"github.com/evilmonkeyinc/jsonpath"
	"github.com/expr-lang/expr/builtin"
)

var sprigFunctions = func() map[string]any {
	functions := sprig.GenericFuncMap()
	delete(functions, "env")
	delete(functions, "expandenv")
	return functions
}()

// environmentOf nests the variables by the dots in their names and adds the functions.
func environmentOf(variables map[string]any) map[string]any {
	environment := map[string]any{}
	for name, value := range variables {
		// A variable whose name is a prefix of another one is hidden by it.
		if !isPrefix(name, variables) {
			set(environment, strings.Split(name, "."), value)
		}
	}
	environment["asInt"] = builtin.Int
	environment["asFloat"] = builtin.Float
	environment["jsonpath"] = query
	environment["toJson"] = marshal
	environment["sprig"] = sprigFunctions
	return environment
}

func isPrefix(name string, variables map[string]any) bool {
	for other := range variables {
		if strings.HasPrefix(other, name+".") {
			return true
		}
	}
	return false
}

func set(environment map[string]any, path []string, value any) {
	for _, name := range path[:len(path)-1] {
		inner, nested := environment[name].(map[string]any)
		if !nested {
			inner = map[string]any{}
			environment[name] = inner
		}
		environment = inner
	}
	environment[path[len(path)-1]] = value
}

func marshal(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func query(text, path string) any {
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		panic(err)
	}
	found, err := jsonpath.Query(path, value)
	if err != nil {
		panic(err)
	}
	return found
}
