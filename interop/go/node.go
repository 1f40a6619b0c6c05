package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/pnet"
	rcmgr "github.com/libp2p/go-libp2p/p2p/host/resource-manager"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	"github.com/libp2p/go-libp2p/p2p/protocol/ping"
	"github.com/libp2p/go-libp2p/p2p/security/noise"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
)

const (
	agent = "weir-interop-go/0.51.0"
	// Longer than any check takes, shorter than the tests wait for an answer.
	defaultCommandTimeout = 25 * time.Second
)

type node struct {
	host host.Host
	out  *out

	commandTimeout time.Duration
}

func start(c command, o *out) (*node, error) {
	listen := c.Listen
	if len(listen) == 0 {
		listen = []string{"/ip4/127.0.0.1/tcp/0"}
	}
	options := []libp2p.Option{
		libp2p.ListenAddrStrings(listen...),
		libp2p.Transport(tcp.NewTCPTransport),
		libp2p.Security(noise.ID, noise.New),
		libp2p.Muxer(yamux.ID, yamux.DefaultTransport),
		libp2p.UserAgent(agent),
		libp2p.DisableRelay(),
	}
	if c.Psk != "" {
		key, err := pnet.DecodeV1PSK(strings.NewReader(c.Psk))
		if err != nil {
			return nil, err
		}
		options = append(options, libp2p.PrivateNetwork(key))
	}
	// The checks open more streams at once than a stock host allows.
	limits, err := rcmgr.NewResourceManager(rcmgr.NewFixedLimiter(rcmgr.InfiniteLimits))
	if err != nil {
		return nil, err
	}
	options = append(options, libp2p.ResourceManager(limits))
	h, err := libp2p.New(options...)
	if err != nil {
		return nil, err
	}
	n := &node{host: h, out: o, commandTimeout: defaultCommandTimeout}
	if c.Timeout > 0 {
		n.commandTimeout = time.Duration(c.Timeout) * time.Millisecond
	}
	n.serve()
	return n, nil
}

func (n *node) about() fields {
	var addrs []string
	for _, a := range n.host.Addrs() {
		addrs = append(addrs, fmt.Sprintf("%s/p2p/%s", a, n.host.ID()))
	}
	return fields{"peer": n.host.ID().String(), "addrs": addrs, "agent": agent}
}

func (n *node) run(c command) (fields, error) {
	ctx, cancel := context.WithTimeout(context.Background(), n.commandTimeout)
	defer cancel()
	if c.Cmd == "connect" {
		info, err := peer.AddrInfoFromString(c.Addr)
		if err != nil {
			return nil, err
		}
		return nil, n.host.Connect(ctx, *info)
	}
	if c.Cmd == "conns" {
		return fields{"count": len(n.host.Network().Conns())}, nil
	}
	p, err := peer.Decode(c.Peer)
	if err != nil {
		return nil, err
	}
	switch c.Cmd {
	case "disconnect":
		return nil, n.host.Network().ClosePeer(p)
	case "identified":
		return n.identified(ctx, p)
	case "ping":
		r := <-ping.Ping(ctx, n.host, p)
		return fields{"rttMs": float64(r.RTT.Microseconds()) / 1000}, r.Error
	case "echo":
		return nil, n.echo(ctx, p, c.Bytes)
	case "streams":
		return nil, n.streams(ctx, p, c.Count, c.Bytes)
	case "perf":
		return nil, n.perf(ctx, p, c.Upload, c.Download)
	case "transfer":
		return nil, n.transfer(ctx, p, c.Upload, c.Download)
	case "end-first":
		return nil, n.endFirst(ctx, p, c.Bytes)
	case "resets":
		return n.resets(ctx, p, byte(c.Code))
	case "reset-me":
		return nil, n.resetMe(ctx, p, c.Code)
	case "close-with-code":
		return nil, n.closeWithCode(ctx, p, c.Code)
	case "hold":
		return nil, n.hold(ctx, p, c.Count)
	}
	return nil, fmt.Errorf("unknown command %q", c.Cmd)
}

// identified waits until identify has told who the peer is.
func (n *node) identified(ctx context.Context, p peer.ID) (fields, error) {
	for {
		protocols, err := n.host.Peerstore().GetProtocols(p)
		if err != nil {
			return nil, err
		}
		who, err := n.host.Peerstore().Get(p, "AgentVersion")
		if err == nil && len(protocols) > 0 {
			return fields{"agent": who, "protocols": protocols}, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}
