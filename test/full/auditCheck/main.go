// Command auditCheck reads a checkpoint, its proofs and the key of its log as JSON on standard input, and checks them with the Go project's own
// implementation of signed notes and transparency logs. It prints what it checked, or fails with what does not hold.
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type receipt struct {
	Index int64    `json:"index"`
	Leaf  string   `json:"leaf"`
	Path  []string `json:"path"`
}

type input struct {
	VerifierKey string    `json:"verifierKey"`
	Older       string    `json:"older"`
	Newer       string    `json:"newer"`
	Consistency []string  `json:"consistency"`
	Receipts    []receipt `json:"receipts"`
}

func main() {
	if err := check(); err != nil {
		fmt.Println("does not hold:", err)
		os.Exit(1)
	}
}

func check() error {
	var in input
	if err := json.NewDecoder(os.Stdin).Decode(&in); err != nil {
		return err
	}
	verifier, err := note.NewVerifier(in.VerifierKey)
	if err != nil {
		return fmt.Errorf("the verifier key: %w", err)
	}
	oldSize, oldRoot, err := open(in.Older, verifier)
	if err != nil {
		return fmt.Errorf("the older checkpoint: %w", err)
	}
	size, root, err := open(in.Newer, verifier)
	if err != nil {
		return fmt.Errorf("the newer checkpoint: %w", err)
	}
	for _, r := range in.Receipts {
		path, err := hashes(r.Path)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(tlog.RecordProof(path), size, root, r.Index, tlog.RecordHash([]byte(r.Leaf))); err != nil {
			return fmt.Errorf("receipt %d: %w", r.Index, err)
		}
	}
	path, err := hashes(in.Consistency)
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(tlog.TreeProof(path), size, root, oldSize, oldRoot); err != nil {
		return fmt.Errorf("from %d to %d: %w", oldSize, size, err)
	}
	fmt.Printf("holds: %d receipts in %d, which begins with %d\n", len(in.Receipts), size, oldSize)
	return nil
}

// open returns the size and root of a signed checkpoint: C2SP tlog-checkpoint, three lines.
func open(signed string, verifier note.Verifier) (int64, tlog.Hash, error) {
	opened, err := note.Open([]byte(signed), note.VerifierList(verifier))
	if err != nil {
		return 0, tlog.Hash{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return 0, tlog.Hash{}, fmt.Errorf("is not a checkpoint of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return 0, tlog.Hash{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return size, root, err
}

func hashes(texts []string) ([]tlog.Hash, error) {
	all := make([]tlog.Hash, 0, len(texts))
	for _, text := range texts {
		bytes, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(bytes) != tlog.HashSize {
			return nil, fmt.Errorf("%q is not a hash", text)
		}
		all = append(all, tlog.Hash(bytes))
	}
	return all, nil
}
