/**
 * Whether a node can be reached from the public internet. `Private` nodes may still be reached through relays.
 *
 * @see seed 004, "Reachability"
 */
export const Reachability = { unknown: 'Unknown', public: 'Public', private: 'Private' } as const

export type Reachability = (typeof Reachability)[keyof typeof Reachability]
