// The oracle for expressions: what Argo Workflows makes of a text with tags, told by the engines that it uses.
//
// It reads one case in JSON from each line and answers each with a line of JSON. It knows no workflows: whoever
// asks says which variables each pass over the text can see.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

// question is one case.
type question struct {
	// Kind says what the text is: a "value" with tags, a "condition" with tags, or a bare "expression". One that
	// is only to be compiled is a "program"; then the answer is empty.
	Kind string `json:"kind"`
	// Text is what stands in the workflow.
	Text string `json:"text"`
	// Passes are the substitutions that the text goes through, in this order.
	Passes []pass `json:"passes"`
}

// pass is one substitution.
type pass struct {
	// Variables holds the known variables by their full names; null is an output of a skipped task.
	Variables map[string]any `json:"variables"`
	// Strict holds the first words of names that must be known by now, as "tasks".
	Strict []string `json:"strict"`
}

// answer is the text that comes out, or why there is none.
type answer struct {
	Result string `json:"result"`
	Error  string `json:"error,omitempty"`
}

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve() error {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	output := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(output)
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			return fmt.Errorf("a line is no question: %w", err)
		}
		if err := encoder.Encode(reply(asked)); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return output.Flush()
}

func reply(asked question) (replied answer) {
	// Some functions of the engine panic on what they do not take; Argo calls that a failed expression.
	defer func() {
		if problem := recover(); problem != nil {
			replied = answer{Error: fmt.Sprint(problem)}
		}
	}()
	result, err := resolve(asked)
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Result: result}
}

func resolve(asked question) (string, error) {
	text := asked.Text
	switch asked.Kind {
	case "expression":
		return bare(text, asked.Passes[len(asked.Passes)-1].Variables)
	case "program":
		return "", compile(text, asked.Passes[len(asked.Passes)-1].Variables)
	}
	var err error
	for _, each := range asked.Passes {
		if text, err = substitute(text, each); err != nil {
			return "", err
		}
	}
	if asked.Kind == "condition" {
		return decide(text)
	}
	return text, nil
}
