// The oracle for documents: what the API server of Kubernetes says to a resource, told by its own code.
//
// It takes the files with custom resource definitions as arguments, reads one YAML document as a JSON text from
// each line, and answers each with a JSON list of what is wrong. It stores nothing and asks no cluster.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"sigs.k8s.io/yaml"
)

func main() {
	if err := serve(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(files []string) error {
	definitions := map[string]*definition{}
	for _, file := range files {
		loaded, err := load(file)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		for kind, each := range loaded {
			definitions[kind] = each
		}
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	output := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(output)
	for lines.Scan() {
		var document string
		if err := json.Unmarshal(lines.Bytes(), &document); err != nil {
			return fmt.Errorf("a line is no JSON text: %w", err)
		}
		if err := encoder.Encode(problems(document, definitions)); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return output.Flush()
}

// problems is everything that keeps the API server from taking the document as it stands.
func problems(document string, definitions map[string]*definition) []string {
	var object map[string]any
	if err := yaml.UnmarshalStrict([]byte(document), &object); err != nil {
		return []string{err.Error()}
	}
	version, kind := object["apiVersion"], object["kind"]
	definition, known := definitions[fmt.Sprintf("%v %v", version, kind)]
	if !known {
		return []string{fmt.Sprintf("there is no definition of %v %v", version, kind)}
	}
	// An empty list, which is not null in JSON, says that nothing is wrong.
	return append([]string{}, definition.problems(whole(object).(map[string]any))...)
}

// whole gives numbers without a fraction the type that the API server gives them.
func whole(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for name, inner := range value {
			value[name] = whole(inner)
		}
	case []any:
		for position, inner := range value {
			value[position] = whole(inner)
		}
	case float64:
		if integer := int64(value); float64(integer) == value {
			return integer
		}
	}
	return value
}
