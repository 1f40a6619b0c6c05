/** What can be broken in the network in memory, and in its streams. */
export type NetworkMutant =
  | 'two readers' | 'an aborted read loses bytes' | 'an abort of its own' | 'closeRead is the end' | 'ends once' | 'half a message' | 'writes behind the end' | 'empty chunks' | 'no window'
  | 'closeWrite closes both' | 'always the remote' | 'no cause' | 'no write deadline' | 'stream scopes leak' | 'conn scopes leak' | 'dials each time' | 'shares no dial' | 'takes any peer'
  | 'dials itself' | 'noDial dials' | 'streams before connected' | 'disconnected twice' | 'disconnected inside connected' | 'notifiees may throw' | 'forgets stopNotify' | 'gater may forget' | 'gater may throw'
  | 'asks the gater late' | 'charges late' | 'rejections are hidden' | 'closes behind the handler' | 'close leaves connections' | 'dials behind close' | 'closes what it was given' | 'listens for ever'
  | 'port 0' | 'own lists' | 'throws twice' | 'streams stay listed' | 'no bytes counted'
