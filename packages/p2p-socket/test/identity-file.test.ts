import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkProofOfWork, generateIdentity, type IdentityProgress, identityJson, identityOf, ProofOfWorkTarget, readIdentityFile, writeIdentityFile } from '../src/index.ts'
import { eachCrypto, unhex } from './cryptos.ts'
import { IDENTITIES } from './vectors.ts'

const [, peerId = '', publicKey = '', secretKey = '', stamp = ''] = IDENTITIES[0] ?? []
const FIELDS = { peer_id: peerId, public_key: publicKey, secret_key: secretKey, proof_of_work_stamp: stamp }

eachCrypto('identity.json', crypto => {
  let dir: string
  let path: string

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'weir-identity-'))
    path = join(dir, 'identity.json')
  })

  afterEach(async () => { await rm(dir, { recursive: true }) })

  const write = async (fields: object): Promise<void> => { await writeFile(path, JSON.stringify(fields)) }

  it('is read and written as Octez does, and only this user can read it', async () => {
    await write(FIELDS)
    const identity = await readIdentityFile(path, { crypto, proofOfWorkTarget: new ProofOfWorkTarget(26) })
    assert.deepEqual(identity, identityOf(unhex(secretKey), unhex(stamp), crypto))
    assert.deepEqual(JSON.parse(identityJson(identity)), FIELDS)
    assert.deepEqual(Object.keys(JSON.parse(identityJson(identity)) as object), Object.keys(FIELDS))
    const copy = join(dir, 'copy.json')
    await writeIdentityFile(copy, identity)
    assert.equal(await readFile(copy, 'utf8'), identityJson(identity))
    assert.equal((await stat(copy)).mode & 0o777, 0o600)
    assert.deepEqual(await readIdentityFile(copy, { crypto }), identity)
  })

  it('needs no peer id', async () => {
    await write({ ...FIELDS, peer_id: undefined })
    assert.equal((await readIdentityFile(path, { crypto })).peerId.toString(), peerId)
  })

  it('is refused with Octez\'s errors', async () => {
    await assert.rejects(readIdentityFile(path, { crypto }), { octezId: 'main.identity.no_file', path })
    const other = IDENTITIES[1]
    await write({ ...FIELDS, peer_id: other?.[1] })
    await assert.rejects(readIdentityFile(path, { crypto }), { octezId: 'main.identity.identity_mismatch' })
    await write({ ...FIELDS, secret_key: other?.[3] })
    await assert.rejects(readIdentityFile(path, { crypto }), { octezId: 'main.identity.identity_keys_mismatch' })
    await write(FIELDS)
    await assert.rejects(readIdentityFile(path, { crypto, proofOfWorkTarget: new ProofOfWorkTarget(27) }), { octezId: 'main.identity.insufficient_proof_of_work', expectedBits: 27 })
    await assert.rejects(writeIdentityFile(path, identityOf(unhex(secretKey), unhex(stamp), crypto)), { octezId: 'main.identity.existent_file' })
    assert.deepEqual(JSON.parse(await readFile(path, 'utf8')), FIELDS)
    await assert.rejects(readIdentityFile(dir, { crypto }), { code: 'EISDIR' })
    await assert.rejects(writeIdentityFile(join(dir, 'none', 'x'), identityOf(unhex(secretKey), unhex(stamp), crypto)), { code: 'ENOENT' })
  })

  it('that is none is refused, without a word of its secret key', async () => {
    for (const fields of [{}, { ...FIELDS, public_key: 1 }, { ...FIELDS, secret_key: `${secretKey}00` }, { ...FIELDS, proof_of_work_stamp: 'x'.repeat(48) }, { ...FIELDS, peer_id: 7 }, { ...FIELDS, peer_id: 'id' }]) {
      await write(fields)
      await assert.rejects(readIdentityFile(path, { crypto }), { code: 'P2P_INVALID_IDENTITY_FILE' })
    }
    for (const text of ['', `{"secret_key":"${secretKey}",}`, 'null', '7']) {
      await writeFile(path, text)
      await assert.rejects(readIdentityFile(path, { crypto }), (error: Error) => (error as { code?: string }).code === 'P2P_INVALID_IDENTITY_FILE' && !`${error.message}${error.cause}`.includes(secretKey.slice(0, 8)))
    }
  })
})

eachCrypto('generateIdentity', crypto => {
  const works = (identity: { publicKey: Uint8Array, proofOfWorkStamp: Uint8Array }, bits: number): boolean => checkProofOfWork(identity.publicKey, identity.proofOfWorkStamp, new ProofOfWorkTarget(bits), crypto)

  it('makes a new identity each time, with the work that was asked for', async () => {
    for (const targetBits of [0, 1, 8]) assert.equal(works(await generateIdentity({ targetBits, crypto }), targetBits), true)
    const [a, b] = await Promise.all([generateIdentity({ targetBits: 0, crypto }), generateIdentity({ targetBits: 0, crypto })])
    assert.notEqual(a.peerId.toString(), b.peerId.toString())
  })

  it('works in threads', async () => {
    assert.equal(works(await generateIdentity({ targetBits: 10, workers: 2, crypto }), 10), true)
  })

  it('tells how far it is, is cancelled, and goes on where it was', async () => {
    const abort = new AbortController()
    const told: IdentityProgress[] = []
    const onProgress = (progress: IdentityProgress): void => {
      told.push(progress)
      abort.abort(new Error('enough'))
    }
    await assert.rejects(generateIdentity({ targetBits: 200, workers: 1, onProgress, signal: abort.signal, crypto }), /enough/)
    const [first] = told
    assert.ok(first)
    assert.ok(first.attempts > 0)
    assert.equal(first.stamps.length, 1)
    const again = new AbortController()
    const more: IdentityProgress[] = []
    const resumed = generateIdentity({ resume: first, signal: again.signal, crypto, onProgress: progress => {
      more.push(progress)
      again.abort(new Error('enough'))
    } })
    await assert.rejects(resumed, /enough/)
    const steps = BigInt(`0x${more[0]?.stamps[0]}`) - BigInt(`0x${first.stamps[0]}`)
    assert.equal(Number(steps), (more[0]?.attempts ?? 0) - first.attempts)
    assert.equal(more[0]?.secretKey, first.secretKey)
    const easy = await generateIdentity({ resume: { ...first, targetBits: 3 }, crypto })
    assert.equal(Buffer.from(easy.secretKey).toString('hex'), first.secretKey)
    assert.equal(works(easy, 3), true)
  }).timeout(60_000)

  it('in its own thread it can be cancelled too', async () => {
    const abort = new AbortController()
    const working = generateIdentity({ targetBits: 200, workers: 0, signal: abort.signal, crypto })
    setImmediate(() => { abort.abort(new Error('enough')) })
    await assert.rejects(working, /enough/)
    await assert.rejects(generateIdentity({ signal: AbortSignal.abort(new Error('before')), crypto }), /before/)
  })

  it('refuses what is no target and no number of threads', async () => {
    for (const targetBits of [-1, 257, Number.NaN]) await assert.rejects(generateIdentity({ targetBits, crypto }), RangeError)
    await assert.rejects(generateIdentity({ target: 1 } as never), TypeError)
    for (const workers of [-1, 1.5]) await assert.rejects(generateIdentity({ workers, crypto }), RangeError)
    assert.throws(() => identityOf(new Uint8Array(31), new Uint8Array(24), crypto), RangeError)
    assert.throws(() => identityOf(new Uint8Array(32), new Uint8Array(23), crypto), RangeError)
  })
})
