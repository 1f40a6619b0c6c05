import { parentPort, workerData } from 'node:worker_threads'
import { defaultCrypto } from './default-crypto.ts'
import { ProofOfWorkMiner } from './mine-proof-of-work.ts'
import { nobleCrypto } from './noble-crypto.ts'

/** What a worker is told. */
export interface WorkerTask {
  readonly publicKey: Uint8Array
  readonly start: Uint8Array
  readonly targetBits: number
  readonly reportEveryMs: number
  readonly cryptoName: string
}

/** What a worker tells: attempts since the last time, and the stamp that is next or was found. */
export interface WorkerReport {
  readonly attempts: number
  readonly isFound: boolean
  readonly stamp: Uint8Array
}

/** Attempts between two looks at the time. */
const ATTEMPTS_PER_LOOK = 2_000

// The entry of a worker thread: it works until it has found a stamp or is terminated.
if (parentPort !== null) {
  const { publicKey, start, targetBits, reportEveryMs, cryptoName } = workerData as WorkerTask
  const miner = new ProofOfWorkMiner(publicKey, start, targetBits, cryptoName === nobleCrypto.name ? nobleCrypto : defaultCrypto)
  for (let isFound = false, attempts = 0, reportedMs = performance.now(); !isFound;) {
    const result = miner.run(ATTEMPTS_PER_LOOK)
    isFound = result.isFound
    attempts += result.attempts
    if (!isFound && performance.now() - reportedMs < reportEveryMs) continue
    const report: WorkerReport = { attempts, isFound, stamp: miner.stamp }
    parentPort.postMessage(report)
    attempts = 0
    reportedMs = performance.now()
  }
}
