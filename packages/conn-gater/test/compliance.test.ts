import { applicable, connectionGaterCases, type GaterRules, ManualClock } from '@weir/compliance'
import { nullConnectionGater } from '@weir/network'
import { composeGaters, createBasicGater, createGreylist, createPrivateNetGater } from '../src/index.ts'

const clock = new ManualClock()

async function blocking ({ deniedPeers = [], deniedIps = [] }: GaterRules) {
  const gater = await createBasicGater({ clock })
  for (const peer of deniedPeers) await gater.blockPeer(peer)
  for (const ip of deniedIps) await gater.blockAddr(ip)
  return gater
}

const subjects = {
  'what is blocked': blocking,
  'subnets that are blocked': async ({ deniedPeers = [], deniedIps = [] }: GaterRules) => {
    const gater = await blocking({ deniedPeers })
    for (const ip of deniedIps) await gater.blockSubnet(`${ip}/${ip.includes(':') ? 128 : 32}`)
    return gater
  },
  'a configuration': async ({ deniedPeers = [], deniedIps = [] }: GaterRules) => await createBasicGater({ clock, config: { bannedPeers: [...deniedPeers.map(peer => ({ peer })), ...deniedIps.map(ip => ({ ip }))] } }),
  'a greylist': ({ deniedPeers = [], deniedIps = [] }: GaterRules) => {
    const greylist = createGreylist({ clock })
    for (const peer of deniedPeers) greylist.greylistPeer(peer)
    for (const ip of deniedIps) greylist.greylistAddr(ip)
    return greylist
  },
  'several gaters': async (rules: GaterRules) => composeGaters(nullConnectionGater, createGreylist({ clock }), await blocking(rules), nullConnectionGater)
}

describe('compliance', () => {
  for (const [name, create] of Object.entries(subjects)) {
    for (const c of applicable(connectionGaterCases, { enforces: true })) it(`${name}: ${c.name}`, () => c.run({ create }))
  }

  // It keeps nobody out whom it is told of: it looks at kinds of addresses.
  for (const c of applicable(connectionGaterCases, { enforces: false })) {
    it(`private networks: ${c.name}`, () => c.run({ create: () => createPrivateNetGater({ knownNets: ['198.18.0.0/15'] }) }))
  }
})
