// The oracle for YAML: what Argo and the Kubernetes API server read in a YAML text.
//
// It reads one YAML text as a JSON string from each line, and answers each with a JSON object: {"value": …} is its
// value as JSON, {"error": …} is the reason that it cannot be read.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"sigs.k8s.io/yaml"
)

type answer struct {
	Value json.RawMessage `json:"value,omitempty"`
	Error string          `json:"error,omitempty"`
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
		var text string
		if err := json.Unmarshal(lines.Bytes(), &text); err != nil {
			return fmt.Errorf("invalid JSON string in a line: %w", err)
		}
		if err := encoder.Encode(read(text)); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return output.Flush()
}

// read converts the text to JSON, as every program that reads manifests with this library does.
func read(text string) (result answer) {
	// The library panics on some texts instead of returning an error.
	defer func() {
		if cause := recover(); cause != nil {
			result = answer{Error: fmt.Sprintf("panic: %v", cause)}
		}
	}()
	value, err := yaml.YAMLToJSONStrict([]byte(text))
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Value: value}
}
