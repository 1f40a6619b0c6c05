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

// resets asks to be reset, and tells what that looks like.
func (n *node) resets(ctx context.Context, p peer.ID) (fields, error) {
	s, err := n.host.NewStream(ctx, p, resetsProtocol)
	if err != nil {
		return nil, err
	}
	defer func() { _ = s.Reset() }()
	if _, err := s.Write([]byte{1}); err != nil {
		return nil, err
	}
	_, err = io.Copy(io.Discard, s)
	return fields{"how": how(err)}, nil
}

// resetMe resets a stream that both sides have used.
func (n *node) resetMe(ctx context.Context, p peer.ID) error {
	s, err := n.host.NewStream(ctx, p, resetMeProtocol)
	if err != nil {
		return err
	}
	defer func() { _ = s.Reset() }()
	if _, err := s.Write([]byte{1}); err != nil {
		return err
	}
	_, err = io.ReadFull(s, make([]byte, 1))
	return err
}
