// Command interop is the go-libp2p end of weir's interop tests: a stock host that is driven by JSON lines, one command
// per line on stdin, one answer per line on stdout. ../README.md describes the commands.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sync"
)

type command struct {
	ID       int      `json:"id"`
	Cmd      string   `json:"cmd"`
	Psk      string   `json:"psk"`
	Listen   []string `json:"listen"`
	Timeout  int64    `json:"commandTimeoutMs"`
	Addr     string   `json:"addr"`
	Peer     string   `json:"peer"`
	Count    int      `json:"count"`
	Bytes    int      `json:"bytes"`
	Upload   uint64   `json:"upload"`
	Download uint64   `json:"download"`
	Code     uint32   `json:"code"`
}

type fields map[string]any

// out serialises the lines: commands run at the same time, and handlers report events.
type out struct {
	mu  sync.Mutex
	enc *json.Encoder
}

func (o *out) line(f fields) {
	o.mu.Lock()
	defer o.mu.Unlock()
	_ = o.enc.Encode(f)
}

func main() {
	o := &out{enc: json.NewEncoder(os.Stdout)}
	in := bufio.NewScanner(os.Stdin)
	var n *node
	for in.Scan() {
		var c command
		if err := json.Unmarshal(in.Bytes(), &c); err != nil {
			fmt.Fprintln(os.Stderr, "bad command:", err)
			os.Exit(2)
		}
		if c.Cmd == "start" {
			// The others need the node, so this one is not run beside them.
			started, err := start(c, o)
			if err != nil {
				answer(o, c.ID, nil, err)
				continue
			}
			n = started
			answer(o, c.ID, n.about(), nil)
			continue
		}
		go func() {
			result, err := n.run(c)
			answer(o, c.ID, result, err)
		}()
	}
	// The tests end a peer by closing its stdin.
	if n != nil {
		_ = n.host.Close()
	}
}

func answer(o *out, id int, result fields, err error) {
	if err != nil {
		o.line(fields{"id": id, "ok": false, "error": err.Error(), "kind": ended(err)["how"]})
		return
	}
	o.line(fields{"id": id, "ok": true, "result": result})
}
