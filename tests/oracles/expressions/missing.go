package main

// Finds the variables that an expression needs but that do not exist: Argo waits for them, or rejects the
// expression.

import (
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

// missingNames returns the names and fixed paths of the expression that do not resolve. Paths before `?.` and on
// the left of `??` may be missing.
func missingNames(expression string, environment map[string]any) ([]string, error) {
	tree, err := parser.Parse(expression)
	if err != nil {
		return nil, err
	}
	search := &search{environment: environment, guarded: map[ast.Node]bool{}}
	ast.Walk(&tree.Node, guards{search})
	ast.Walk(&tree.Node, search)
	return search.missing, nil
}

type search struct {
	environment map[string]any
	guarded     map[ast.Node]bool
	missing     []string
}

// guards is the first walk of the search, which finds what is guarded.
type guards struct{ *search }

// members marks every access of a member as guarded.
type members struct{ *search }

func (walk guards) Visit(node *ast.Node) {
	switch node := (*node).(type) {
	case *ast.BinaryNode:
		if node.Operator == "??" {
			ast.Walk(&node.Left, members(walk))
		}
	case *ast.MemberNode:
		if _, isMember := node.Node.(*ast.MemberNode); node.Optional && isMember {
			walk.guarded[node.Node] = true
		}
	}
}

func (walk members) Visit(node *ast.Node) {
	if _, isMember := (*node).(*ast.MemberNode); isMember {
		walk.guarded[*node] = true
	}
}

func (walk *search) Visit(node *ast.Node) {
	if walk.guarded[*node] {
		return
	}
	switch node := (*node).(type) {
	case *ast.IdentifierNode:
		walk.look([]string{node.Value})
	case *ast.MemberNode:
		if path := fixedPath(node); path != nil {
			walk.look(path)
		}
	}
}

// fixedPath returns the names that lead to a member, or nil if one of them is computed or optional.
func fixedPath(node ast.Node) []string {
	switch node := node.(type) {
	case *ast.IdentifierNode:
		return []string{node.Value}
	case *ast.MemberNode:
		name, isFixed := node.Property.(*ast.StringNode)
		if before := fixedPath(node.Node); isFixed && !node.Optional && before != nil {
			return append(before, name.Value)
		}
	}
	return nil
}

func (walk *search) look(path []string) {
	var current any = walk.environment
	for _, name := range path {
		inner, nested := current.(map[string]any)
		value, known := inner[name]
		if !nested || !known {
			walk.missing = append(walk.missing, strings.Join(path, "."))
			return
		}
		current = value
	}
}
