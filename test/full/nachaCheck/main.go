// Reads NACHA files from standard input, a JSON array of texts, and answers with what the module says of each and how it writes it.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/moov-io/ach"
)

type answer struct {
	Error   string `json:"error"`
	Entries int    `json:"entries"`
	Debits  int    `json:"debits"`
	Credits int    `json:"credits"`
	Written string `json:"written"`
}

func check(text string) answer {
	file, err := ach.NewReader(strings.NewReader(text)).Read()
	if err != nil {
		return answer{Error: err.Error()}
	}
	if err := file.Validate(); err != nil {
		return answer{Error: err.Error()}
	}
	entries := 0
	for _, batch := range file.Batches {
		entries += len(batch.GetEntries())
	}
	var out bytes.Buffer
	writer := ach.NewWriter(&out)
	if err := writer.Write(&file); err != nil {
		return answer{Error: err.Error()}
	}
	writer.Flush()
	control := file.Control
	return answer{
		Entries: entries,
		Debits:  control.TotalDebitEntryDollarAmountInFile,
		Credits: control.TotalCreditEntryDollarAmountInFile,
		Written: out.String(),
	}
}

func main() {
	var texts []string
	if err := json.NewDecoder(os.Stdin).Decode(&texts); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	answers := make([]answer, 0, len(texts))
	for _, text := range texts {
		answers = append(answers, check(text))
	}
	json.NewEncoder(os.Stdout).Encode(answers)
}
