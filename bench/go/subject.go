package main

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	rcmgr "github.com/libp2p/go-libp2p/p2p/host/resource-manager"
	"github.com/libp2p/go-libp2p/x/rate"
	ma "github.com/multiformats/go-multiaddr"
)

// The same numbers are in ../scopes/subject.ts.
const (
	protocolID  = protocol.ID("/weir/bench/1.0.0")
	service     = "bench"
	strangers   = 100_000
	openStreams = 1_000
	stride      = 7_919
	bytes       = 4_096
	count       = 1_000_000_000
	memory      = 1 << 50
)

// What a peer id is made for. Each kind has numbers of its own.
const (
	alone = iota
	stranger
	holder
	living
	blocked
)

// subject is a manager with its live scopes, and the peers that the operations are for.
type subject struct {
	manager   network.ResourceManager
	endpoint  ma.Multiaddr
	one       []peer.ID
	strangers []peer.ID
	living    []peer.ID
	blocked   []peer.ID
	streams   []network.StreamManagementScope
}

// limiter lets everything pass but streams of blocked peers.
type limiter struct {
	rcmgr.Limiter
	none rcmgr.BaseLimit
}

func (l *limiter) GetPeerLimits(p peer.ID) rcmgr.Limit {
	if p[6] == blocked {
		return &l.none
	}
	return l.Limiter.GetPeerLimits(p)
}

func newSubject(live int) (*subject, error) {
	endpoint, err := ma.NewMultiaddr("/ip4/192.0.2.1/tcp/4001")
	if err != nil {
		return nil, err
	}
	manager, err := rcmgr.NewResourceManager(
		&limiter{Limiter: rcmgr.NewFixedLimiter(enough())},
		rcmgr.WithMetricsDisabled(),
		rcmgr.WithConnRateLimiters(&rate.Limiter{}),
		rcmgr.WithLimitPerSubnet([]rcmgr.ConnLimitPerSubnet{}, []rcmgr.ConnLimitPerSubnet{}),
		rcmgr.WithNetworkPrefixLimit([]rcmgr.NetworkPrefixLimit{}, []rcmgr.NetworkPrefixLimit{}),
	)
	if err != nil {
		return nil, err
	}
	s := &subject{
		manager:   manager,
		endpoint:  endpoint,
		one:       peerIDs(alone, 1),
		strangers: peerIDs(stranger, strangers),
		living:    peerIDs(living, live/2),
		blocked:   peerIDs(blocked, strangers),
	}
	for _, p := range slices.Concat(s.one, s.living) {
		if _, err := s.openConn(p); err != nil {
			return nil, err
		}
		if _, err := s.openStream(p); err != nil {
			return nil, err
		}
	}
	for _, p := range peerIDs(holder, openStreams) {
		stream, err := s.openStream(p)
		if err != nil {
			return nil, err
		}
		s.streams = append(s.streams, stream)
	}
	return s, nil
}

// enough is limits that nothing here reaches; not "unlimited", which skips the comparisons.
func enough() rcmgr.ConcreteLimitConfig {
	limit := rcmgr.ResourceLimits{Streams: count, StreamsInbound: count, StreamsOutbound: count, Conns: count, ConnsInbound: count, ConnsOutbound: count, FD: count, Memory: memory}
	return rcmgr.PartialLimitConfig{
		System: limit, Transient: limit, AllowlistedSystem: limit, AllowlistedTransient: limit,
		ServiceDefault: limit, ServicePeerDefault: limit, ProtocolDefault: limit, ProtocolPeerDefault: limit,
		PeerDefault: limit, Conn: limit, Stream: limit,
	}.Build(rcmgr.ConcreteLimitConfig{})
}

// peerIDs makes ids of the form and length of Ed25519 ones.
func peerIDs(kind byte, n int) []peer.ID {
	ids := make([]peer.ID, n)
	for i := range ids {
		id := [38]byte{0, 36, 8, 1, 18, 32, kind}
		binary.BigEndian.PutUint32(id[8:], uint32(i)*2_654_435_761)
		ids[i] = peer.ID(id[:])
	}
	return ids
}

func (s *subject) openConn(p peer.ID) (network.ConnManagementScope, error) {
	conn, err := s.manager.OpenConnection(network.DirInbound, true, s.endpoint)
	if err != nil {
		return nil, err
	}
	return conn, conn.SetPeer(p)
}

func (s *subject) openStream(p peer.ID) (network.StreamManagementScope, error) {
	stream, err := s.manager.OpenStream(p, network.DirInbound)
	if err != nil {
		return nil, err
	}
	if err := stream.SetProtocol(protocolID); err != nil {
		return nil, err
	}
	return stream, stream.SetService(service)
}

func pick[T any](all []T, i int) T {
	return all[i*stride%len(all)]
}

func (s *subject) operation(row, peers string) (func(i int) error, error) {
	ids, streams := s.one, s.streams[:1]
	switch peers {
	case "one":
	case "random":
		ids, streams = s.strangers, s.streams
	case "live":
		ids = s.living
	default:
		return nil, fmt.Errorf("there are no peers %q", peers)
	}
	switch row {
	case "conn":
		return func(i int) error {
			conn, err := s.openConn(pick(ids, i))
			if err == nil {
				conn.Done()
			}
			return err
		}, nil
	case "stream":
		return func(i int) error {
			stream, err := s.openStream(pick(ids, i))
			if err == nil {
				stream.Done()
			}
			return err
		}, nil
	case "reserve":
		return func(i int) error {
			stream := pick(streams, i)
			if err := stream.ReserveMemory(bytes, network.ReservationPriorityAlways); err != nil {
				return err
			}
			stream.ReleaseMemory(bytes)
			return nil
		}, nil
	case "span":
		return func(i int) error {
			span, err := pick(streams, i).BeginSpan()
			if err != nil {
				return err
			}
			defer span.Done()
			return span.ReserveMemory(bytes, network.ReservationPriorityAlways)
		}, nil
	case "refusal":
		if peers == "one" {
			ids = s.blocked[:1]
		} else {
			ids = s.blocked
		}
		return func(i int) error {
			_, err := s.manager.OpenStream(pick(ids, i), network.DirInbound)
			return refused(err)
		}, nil
	}
	return nil, fmt.Errorf("there is no row %q", row)
}
