package main

// Conditions: the text of a `when` after substitution is evaluated by an engine of its own.

import (
	"fmt"
	"strconv"

	"github.com/Knetic/govaluate"
)

// decide tells whether the task runs. Bare words of the text are texts.
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
	truth, isTruth := result.(bool)
	if !isTruth {
		return "", fmt.Errorf("the condition gives %v", result)
	}
	return strconv.FormatBool(truth), nil
}
