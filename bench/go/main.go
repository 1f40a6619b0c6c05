// Command scopes measures go-libp2p's resource manager for weir's scopes benchmark. Its argument is the number of live
// scopes; every line on stdin, "<row> <peers> <milliseconds>", is answered by a line on stdout, "<ns> <ns on processors> <bytes>"
// per operation. ../README.md says what is measured.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
)

const batch = 256

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve() error {
	if len(os.Args) != 2 {
		return errors.New("usage: scopes <number of live scopes>")
	}
	live, err := strconv.Atoi(os.Args[1])
	if err != nil {
		return err
	}
	s, err := newSubject(live)
	if err != nil {
		return err
	}
	fmt.Println("ready")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var row, peers string
		var ms int
		if _, err := fmt.Sscanf(lines.Text(), "%s %s %d", &row, &peers, &ms); err != nil {
			return err
		}
		op, err := s.operation(row, peers)
		if err != nil {
			return err
		}
		cost, err := measure(op, time.Duration(ms)*time.Millisecond)
		if err != nil {
			return err
		}
		fmt.Printf("%f %f %f\n", cost.ns, cost.cpuNs, cost.bytes)
	}
	return lines.Err()
}

// cost is of one operation.
type cost struct{ ns, cpuNs, bytes float64 }

// measure runs op until the time is over, a tenth of it before for warming up.
func measure(op func(i int) error, d time.Duration) (cost, error) {
	at := 0
	if _, err := run(op, &at, d/10); err != nil {
		return cost{}, err
	}
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpuBefore := cpuTime()
	start := time.Now()
	ops, err := run(op, &at, d)
	elapsed := time.Since(start)
	cpu := cpuTime() - cpuBefore
	runtime.ReadMemStats(&after)
	per := func(total float64) float64 { return total / float64(ops) }
	return cost{per(float64(elapsed.Nanoseconds())), per(float64(cpu.Nanoseconds())), per(float64(after.TotalAlloc - before.TotalAlloc))}, err
}

// cpuTime is what all threads of the process had of processors.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func run(op func(i int) error, at *int, d time.Duration) (ops int, err error) {
	for start := time.Now(); time.Since(start) < d; {
		for n := 0; n < batch; n++ {
			if err := op(*at); err != nil {
				return ops, err
			}
			*at++
		}
		ops += batch
	}
	return ops, nil
}

// refused turns a refusal into success, and anything else into an error.
func refused(err error) error {
	if errors.Is(err, network.ErrResourceLimitExceeded) {
		return nil
	}
	return fmt.Errorf("not refused: %w", err)
}
