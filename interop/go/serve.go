package main

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"maps"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/protocol"
)

const (
	echoProtocol     = protocol.ID("/weir/echo/1.0.0")
	perfProtocol     = protocol.ID("/perf/1.0.0")
	transferProtocol = protocol.ID("/weir/interop/transfer/1.0.0")
	endFirstProtocol = protocol.ID("/weir/interop/end-first/1.0.0")
	holdProtocol     = protocol.ID("/weir/interop/hold/1.0.0")
	resetsProtocol   = protocol.ID("/weir/interop/resets/1.0.0")
	resetMeProtocol  = protocol.ID("/weir/interop/reset-me/1.0.0")

	chunkBytes = 64 << 10
)

var endFirstGreeting = []byte("first")

// serve sets the listening half of every check. A handler that fails resets its stream, so that the dialer sees it.
func (n *node) serve() {
	handle := func(id protocol.ID, f func(network.Stream) error) {
		n.host.SetStreamHandler(id, func(s network.Stream) {
			if err := f(s); err != nil {
				_ = s.Reset()
				return
			}
			_ = s.Close()
		})
	}
	echo := func(s network.Stream) error {
		_, err := io.Copy(s, s)
		return err
	}
	handle(echoProtocol, echo)
	handle(holdProtocol, echo)
	handle(perfProtocol, servePerf)
	handle(transferProtocol, serveTransfer)
	handle(endFirstProtocol, n.serveEndFirst)
	handle(resetsProtocol, func(s network.Stream) error {
		code := make([]byte, 1)
		if _, err := io.ReadFull(s, code); err != nil {
			return err
		}
		return s.ResetWithError(network.StreamErrorCode(code[0]))
	})
	handle(resetMeProtocol, n.serveResetMe)
}

// servePerf: 8 bytes that say how much to send, whatever is uploaded, its end, then the download.
func servePerf(s network.Stream) error {
	var head [8]byte
	if _, err := io.ReadFull(s, head[:]); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, s); err != nil {
		return err
	}
	zeros := make([]byte, chunkBytes)
	for left := binary.BigEndian.Uint64(head[:]); left > 0; {
		m := min(left, chunkBytes)
		if _, err := s.Write(zeros[:m]); err != nil {
			return err
		}
		left -= m
	}
	return nil
}

// serveTransfer: as perf, and answers the upload's SHA-256 after its end, then random bytes and their SHA-256.
func serveTransfer(s network.Stream) error {
	var head [8]byte
	if _, err := io.ReadFull(s, head[:]); err != nil {
		return err
	}
	up := sha256.New()
	if _, err := io.Copy(up, s); err != nil {
		return err
	}
	if _, err := s.Write(up.Sum(nil)); err != nil {
		return err
	}
	sum, err := sendRandom(s, binary.BigEndian.Uint64(head[:]))
	if err != nil {
		return err
	}
	_, err = s.Write(sum)
	return err
}

// serveEndFirst ends its own writing at once, and reports what still comes in.
func (n *node) serveEndFirst(s network.Stream) error {
	if _, err := s.Write(endFirstGreeting); err != nil {
		return err
	}
	if err := s.CloseWrite(); err != nil {
		return err
	}
	sum := sha256.New()
	_, err := io.Copy(sum, s)
	n.report("end-first", err, fields{"sha256": hex.EncodeToString(sum.Sum(nil))})
	return err
}

// serveResetMe answers once, and reports how the remote ended the stream.
func (n *node) serveResetMe(s network.Stream) error {
	one := make([]byte, 1)
	if _, err := io.ReadFull(s, one); err != nil {
		return err
	}
	if _, err := s.Write(one); err != nil {
		return err
	}
	_, err := io.Copy(io.Discard, s)
	n.report("reset-me", err, fields{})
	return nil
}

func sendRandom(w io.Writer, count uint64) ([]byte, error) {
	sum := sha256.New()
	_, err := io.CopyBuffer(io.MultiWriter(w, sum), io.LimitReader(rand.Reader, int64(count)), make([]byte, chunkBytes))
	return sum.Sum(nil), err
}

// report tells of a stream that has ended.
func (n *node) report(event string, err error, more fields) {
	f := ended(err)
	f["event"] = event
	maps.Copy(f, more)
	n.out.line(f)
}

// ended names the way a stream ended, in the words the tests compare, and the remote's code.
func ended(err error) fields {
	var reset *network.StreamError
	var closed *network.ConnError
	switch {
	case err == nil || errors.Is(err, io.EOF):
		return fields{"how": "end"}
	case errors.As(err, &reset) && reset.Remote:
		return fields{"how": "reset", "code": reset.ErrorCode}
	// It is a network.ErrReset too.
	case errors.As(err, &closed):
		if closed.Remote {
			return fields{"how": "closed", "code": closed.ErrorCode}
		}
	case reset == nil && errors.Is(err, network.ErrReset):
		return fields{"how": "reset"}
	}
	return fields{"how": "error"}
}
