package main

// Conditions: Argo evaluates a `when` after substitution with a separate engine.

import (
	"fmt"
	"strconv"

	"github.com/Knetic/govaluate"
)

// decide returns whether the task runs. Bare words in the condition are strings.
func decide(text string) (string, error) {
	parsed, err := govaluate.NewEvaluableExpression(text)
	if err != nil {
		return "", err
	}
	tokens := parsed.Tokens()
	for position := range tokens {
		if tokens[position].Kind == govaluate.VARIABLE {
			tokens[position].Kind = govaluate.STRING
		}
	}
	parsed, err = govaluate.NewEvaluableExpressionFromTokens(tokens)
	if err != nil {
		return "", err
	}
	result, err := parsed.Evaluate(nil)
	if err != nil {
		return "", err
	}
	boolean, isBoolean := result.(bool)
	if !isBoolean {
		return "", fmt.Errorf("the condition is %v, not a boolean", result)
	}
	return strconv.FormatBool(boolean), nil
}
