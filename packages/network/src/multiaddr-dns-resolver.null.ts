import type { MultiaddrDNSResolver } from './multiaddr-dns-resolver.ts'

/** Resolves nothing: each address comes back as it is, and a transport that knows names may look this one up by itself. */
export const nullResolver: MultiaddrDNSResolver = Object.freeze({
  resolveDNSAddr: async addr => [addr],
  resolveDNSComponent: async addr => [addr]
} satisfies MultiaddrDNSResolver)
