import { LevelDatastore } from 'datastore-level'
import { createBasicGater } from '../src/index.ts'

// Blocks and unblocks without end, and says each time what was acknowledged, until somebody kills it.

const datastore = new LevelDatastore(process.argv[2] ?? '')
await datastore.open()
const gater = await createBasicGater({ datastore })
const first = Number(process.argv[3])
for (let i = first; ; i++) {
  await Promise.all([
    gater.blockAddr(`10.${i >> 16 & 255}.${i >> 8 & 255}.${i & 255}`, { reason: `round ${i}` }).then(() => { process.stdout.write(`+addr ${i}\n`) }),
    gater.blockPeer(`peer-${i}`).then(() => { process.stdout.write(`+peer ${i}\n`) }),
    gater.blockSubnet(`2001:db8:${(i & 0xffff).toString(16)}::/48`).then(() => { process.stdout.write(`+subnet ${i}\n`) })
  ])
  if (i % 3 === 0) await gater.unblockPeer(`peer-${i}`).then(() => { process.stdout.write(`-peer ${i}\n`) })
}
