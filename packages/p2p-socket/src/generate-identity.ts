import { availableParallelism } from 'node:os'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { checkKeys } from './check-options.ts'
import { defaultCrypto } from './default-crypto.ts'
import { DEFAULT_PROOF_OF_WORK_TARGET } from './defaults.ts'
import { type P2pIdentity, identityOf } from './identity.ts'
import { ProofOfWorkMiner } from './mine-proof-of-work.ts'
import { KEY_BYTES, NONCE_BYTES, type P2pCrypto } from './p2p-crypto.ts'
import type { WorkerReport, WorkerTask } from './proof-of-work-worker.ts'

/** How far a search has come: plain data. It holds the secret key, so keep it as you keep an identity. */
export interface IdentityProgress {
  /** In hexadecimal. */
  readonly secretKey: string
  readonly targetBits: number
  /** Hashes tried so far. On average it takes 2 to the power of `targetBits`. */
  readonly attempts: number
  /** Where each worker goes on, in hexadecimal. */
  readonly stamps: readonly string[]
}

export interface GenerateIdentityOptions {
  /** Leading zero bits, 0 to 256. @defaultValue 26 */
  readonly targetBits?: number | undefined
  /** Threads. @defaultValue one for each processor; none when a search takes less than starting one */
  readonly workers?: number | undefined
  /** Goes on with a search that was cancelled; its target and its number of workers count then. */
  readonly resume?: IdentityProgress | undefined
  /** Called a few times a second. */
  readonly onProgress?: ((progress: IdentityProgress) => void) | undefined
  /** Cancels the search; what `onProgress` was told last resumes it. */
  readonly signal?: AbortSignal | undefined
  readonly crypto?: P2pCrypto | undefined
}

const KNOWN: ReadonlySet<string> = new Set<keyof GenerateIdentityOptions>(['targetBits', 'workers', 'resume', 'onProgress', 'signal', 'crypto'])
const REPORT_EVERY_MS = 250
const ATTEMPTS_PER_TURN = 10_000
/** Below this a worker takes longer to start than the search. */
const WORKERS_FROM_BITS = 16

interface Search extends IdentityProgress {
  readonly publicKey: Uint8Array
  readonly crypto: P2pCrypto
  attempts: number
  stamps: string[]
}

/**
 * Makes an identity: a random key, and a stamp that proves the work for it, searched in worker threads.
 *
 * @throws the signal's reason @throws {RangeError | TypeError} at a wrong option
 * @see reference/tezos-p2p.md 1.2
 */
export async function generateIdentity (options: GenerateIdentityOptions = {}): Promise<P2pIdentity> {
  const { signal } = options
  checkKeys('generateIdentity', options, KNOWN)
  signal?.throwIfAborted()
  const search = beginSearch(options)
  const secretKey = Buffer.from(search.secretKey, 'hex')
  const stamp = search.stamps.length === 0 ? await mineHere(search, signal) : await mineInWorkers(search, options)
  return identityOf(secretKey, stamp, search.crypto)
}

function beginSearch ({ targetBits = DEFAULT_PROOF_OF_WORK_TARGET, workers, resume, crypto = defaultCrypto }: GenerateIdentityOptions): Search {
  if (resume !== undefined) return { ...resume, stamps: [...resume.stamps], publicKey: crypto.publicKeyOf(Buffer.from(resume.secretKey, 'hex')), crypto }
  if (!(targetBits >= 0 && targetBits <= 256)) throw new RangeError(`targetBits must be 0 to 256, got ${targetBits}`)
  const threads = workers ?? (targetBits < WORKERS_FROM_BITS ? 0 : availableParallelism())
  if (!Number.isSafeInteger(threads) || threads < 0) throw new RangeError(`workers must be a whole number, got ${workers}`)
  const secretKey = randomBytes(KEY_BYTES, crypto)
  return {
    secretKey: secretKey.toString('hex'),
    publicKey: crypto.publicKeyOf(secretKey),
    targetBits,
    attempts: 0,
    stamps: Array.from({ length: threads }, () => randomBytes(NONCE_BYTES, crypto).toString('hex')),
    crypto
  }
}

function randomBytes (length: number, crypto: P2pCrypto): Buffer {
  const bytes = Buffer.alloc(length)
  crypto.randomFill(bytes)
  return bytes
}

async function mineHere ({ publicKey, targetBits, crypto }: Search, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const miner = new ProofOfWorkMiner(publicKey, randomBytes(NONCE_BYTES, crypto), targetBits, crypto)
  while (!miner.run(ATTEMPTS_PER_TURN).isFound) {
    await setImmediate() // others have their turn
    signal?.throwIfAborted()
  }
  return miner.stamp
}

async function mineInWorkers (search: Search, { onProgress = () => {}, signal }: GenerateIdentityOptions): Promise<Uint8Array> {
  const found = Promise.withResolvers<Uint8Array>()
  await using threads = new AsyncDisposableStack()
  const onAbort = (): void => { found.reject(signal?.reason) }
  signal?.addEventListener('abort', onAbort)
  threads.defer(() => { signal?.removeEventListener('abort', onAbort) })
  for (const [index, start] of search.stamps.entries()) {
    const task: WorkerTask = {
      publicKey: search.publicKey,
      start: Buffer.from(start, 'hex'),
      targetBits: search.targetBits,
      reportEveryMs: REPORT_EVERY_MS,
      cryptoName: search.crypto.name
    }
    const worker = new Worker(fileURLToPath(import.meta.resolve('#proof-of-work-worker')), { workerData: task })
    threads.defer(async () => { await worker.terminate() })
    worker.on('error', error => { found.reject(error) })
    worker.on('exit', code => { found.reject(new Error(`a worker ended with ${code} before it had found anything`)) })
    worker.on('message', (report: WorkerReport) => {
      search.attempts += report.attempts
      search.stamps[index] = Buffer.from(report.stamp).toString('hex')
      if (report.isFound) found.resolve(report.stamp)
      else tell(search, onProgress)
    })
  }
  return await found.promise
}

function tell ({ secretKey, targetBits, attempts, stamps }: Search, onProgress: (progress: IdentityProgress) => void): void {
  onProgress({ secretKey, targetBits, attempts, stamps: [...stamps] })
}
