package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
)

// with opens a stream, and resets it when the check fails or runs out of time.
func (n *node) with(ctx context.Context, p peer.ID, id protocol.ID, check func(network.Stream) error) error {
	s, err := n.host.NewStream(ctx, p, id)
	if err != nil {
		return err
	}
	if at, ok := ctx.Deadline(); ok {
		if err := s.SetDeadline(at); err != nil {
			return err
		}
	}
	if err := check(s); err != nil {
		_ = s.Reset()
		return err
	}
	return s.Close()
}

// echo sends random bytes and reads them back at the same time.
func (n *node) echo(ctx context.Context, p peer.ID, count int) error {
	return n.with(ctx, p, echoProtocol, func(s network.Stream) error {
		sent := make([]byte, count)
		_, _ = rand.Read(sent)
		wrote := make(chan error, 1)
		go func() {
			_, err := s.Write(sent)
			if err == nil {
				err = s.CloseWrite()
			}
			wrote <- err
		}()
		got, err := io.ReadAll(s)
		if err := errors.Join(err, <-wrote); err != nil {
			return err
		}
		if !bytes.Equal(sent, got) {
			return fmt.Errorf("sent %d bytes, got %d others back", len(sent), len(got))
		}
		return nil
	})
}

func (n *node) streams(ctx context.Context, p peer.ID, count, size int) error {
	done := make(chan error, count)
	for range count {
		go func() { done <- n.echo(ctx, p, size) }()
	}
	var errs []error
	for range count {
		errs = append(errs, <-done)
	}
	return errors.Join(errs...)
}

func (n *node) perf(ctx context.Context, p peer.ID, upload, download uint64) error {
	return n.with(ctx, p, perfProtocol, func(s network.Stream) error {
		if _, err := s.Write(binary.BigEndian.AppendUint64(nil, download)); err != nil {
			return err
		}
		if _, err := sendRandom(s, upload); err != nil {
			return err
		}
		if err := s.CloseWrite(); err != nil {
			return err
		}
		got, err := io.Copy(io.Discard, s)
		if err == nil && uint64(got) != download {
			err = fmt.Errorf("asked for %d bytes, got %d", download, got)
		}
		return err
	})
}

func (n *node) transfer(ctx context.Context, p peer.ID, upload, download uint64) error {
	return n.with(ctx, p, transferProtocol, func(s network.Stream) error {
		if _, err := s.Write(binary.BigEndian.AppendUint64(nil, download)); err != nil {
			return err
		}
		sum, err := sendRandom(s, upload)
		if err != nil {
			return err
		}
		if err := s.CloseWrite(); err != nil {
			return err
		}
		got, err := io.ReadAll(s)
		if err != nil {
			return err
		}
		if uint64(len(got)) != download+2*sha256.Size {
			return fmt.Errorf("asked for %d bytes and two sums, got %d bytes", download, len(got))
		}
		if !bytes.Equal(got[:sha256.Size], sum) {
			return errors.New("the upload arrived changed")
		}
		down := got[sha256.Size : len(got)-sha256.Size]
		if want := sha256.Sum256(down); !bytes.Equal(got[len(got)-sha256.Size:], want[:]) {
			return errors.New("the download arrived changed")
		}
		return nil
	})
}

// endFirst goes on writing after the listener has ended its writing; the listener reports what it got.
func (n *node) endFirst(ctx context.Context, p peer.ID, count int) error {
	return n.with(ctx, p, endFirstProtocol, func(s network.Stream) error {
		got, err := io.ReadAll(s)
		if err != nil {
			return err
		}
		if !bytes.Equal(got, endFirstGreeting) {
			return fmt.Errorf("expected %q, got %q", endFirstGreeting, got)
		}
		_, err = s.Write(bytes.Repeat([]byte{7}, count))
		return err
	})
}

// resets asks to be reset with a code, and tells what that looks like.
func (n *node) resets(ctx context.Context, p peer.ID, code byte) (fields, error) {
	s, err := n.host.NewStream(ctx, p, resetsProtocol)
	if err != nil {
		return nil, err
	}
	defer func() { _ = s.Reset() }()
	if _, err := s.Write([]byte{code}); err != nil {
		return nil, err
	}
	_, err = io.Copy(io.Discard, s)
	return ended(err), nil
}

// watched opens a stream that both sides use, and whose end the listener will report.
func (n *node) watched(ctx context.Context, p peer.ID) (network.Stream, error) {
	s, err := n.host.NewStream(ctx, p, resetMeProtocol)
	if err != nil {
		return nil, err
	}
	if err := exchange(s, 1); err != nil {
		_ = s.Reset()
		return nil, err
	}
	return s, nil
}

func (n *node) resetMe(ctx context.Context, p peer.ID, code uint32) error {
	s, err := n.watched(ctx, p)
	if err != nil {
		return err
	}
	return s.ResetWithError(network.StreamErrorCode(code))
}

// closeWithCode ends the connection under a stream that is in use.
func (n *node) closeWithCode(ctx context.Context, p peer.ID, code uint32) error {
	s, err := n.watched(ctx, p)
	if err != nil {
		return err
	}
	return s.Conn().CloseWithError(network.ConnErrorCode(code))
}

// hold opens streams of which none is closed before all have been answered, and asks each of them again then.
func (n *node) hold(ctx context.Context, p peer.ID, count int) error {
	var answered sync.WaitGroup
	answered.Add(count)
	done := make(chan error, count)
	for i := range count {
		go func() {
			// One that fails holds up none of the others.
			isAnswered := sync.OnceFunc(answered.Done)
			defer isAnswered()
			done <- n.with(ctx, p, holdProtocol, func(s network.Stream) error {
				if err := exchange(s, byte(i)); err != nil {
					return err
				}
				isAnswered()
				answered.Wait()
				if err := exchange(s, ^byte(i)); err != nil {
					return err
				}
				if err := s.CloseWrite(); err != nil {
					return err
				}
				more, err := io.Copy(io.Discard, s)
				if err == nil && more > 0 {
					err = errors.New("the echo is longer than what was sent")
				}
				return err
			})
		}()
	}
	var errs []error
	for range count {
		errs = append(errs, <-done)
	}
	return errors.Join(errs...)
}

func exchange(s network.Stream, b byte) error {
	if _, err := s.Write([]byte{b}); err != nil {
		return err
	}
	got := make([]byte, 1)
	if _, err := io.ReadFull(s, got); err != nil {
		return err
	}
	if got[0] != b {
		return errors.New("the echo differs")
	}
	return nil
}
