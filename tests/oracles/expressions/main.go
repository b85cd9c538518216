// The oracle for expressions: replaces the tags of a string with the engines that Argo Workflows uses.
//
// It reads one case in JSON from each line and answers each with a line of JSON. It knows nothing about workflows:
// the caller lists the variables that each substitution pass can see.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

// question is one case.
type question struct {
	// Kind is the kind of text: a "value" with tags, a "condition" with tags, or a bare "expression". A "program" is
	// only compiled; its answer is empty.
	Kind string `json:"kind"`
	// Text is the text in the workflow.
	Text string `json:"text"`
	// Passes are the substitutions of the text, in order.
	Passes []pass `json:"passes"`
}

// pass is one substitution.
type pass struct {
	// Variables maps full names to values; null is an output of a skipped task.
	Variables map[string]any `json:"variables"`
	// Strict lists name prefixes that must be known in this pass, such as "tasks".
	Strict []string `json:"strict"`
}

// answer is the resulting text, or the error.
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
		var request question
		if err := json.Unmarshal(lines.Bytes(), &request); err != nil {
			return fmt.Errorf("invalid case in a line: %w", err)
		}
		if err := encoder.Encode(reply(request)); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return output.Flush()
}

func reply(request question) (replied answer) {
	// Some functions of the engine panic on unsupported arguments; Argo treats that as a failed expression.
	defer func() {
		if problem := recover(); problem != nil {
			replied = answer{Error: fmt.Sprint(problem)}
		}
	}()
	result, err := resolve(request)
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Result: result}
}

func resolve(request question) (string, error) {
	text := request.Text
	switch request.Kind {
	case "expression":
		return bare(text, request.Passes[len(request.Passes)-1].Variables)
	case "program":
		return "", compile(text, request.Passes[len(request.Passes)-1].Variables)
	}
	var err error
	for _, each := range request.Passes {
		if text, err = substitute(text, each); err != nil {
			return "", err
		}
	}
	if request.Kind == "condition" {
		return decide(text)
	}
	return text, nil
}
