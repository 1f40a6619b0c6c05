import { parentPort, workerData } from 'node:worker_threads'
import { defaultCrypto } from './default-crypto.ts'
import { ProofOfWorkMiner } from './mine-proof-of-work.ts'
import { nobleCrypto } from './noble-crypto.ts'

/** What a worker is told. */
export interface WorkerTask {
  readonly publicKey: Uint8Array
  readonly start: Uint8Array
  readonly targetBits: number
  readonly attemptsPerReport: number
  readonly cryptoName: string
}

/** What a worker tells: attempts since the last time, and the stamp that is next or was found. */
export interface WorkerReport {
  readonly attempts: number
  readonly isFound: boolean
  readonly stamp: Uint8Array
}

// The entry of a worker thread: it works until it has found a stamp or is terminated.
if (parentPort !== null) {
  const { publicKey, start, targetBits, attemptsPerReport, cryptoName } = workerData as WorkerTask
  const miner = new ProofOfWorkMiner(publicKey, start, targetBits, cryptoName === nobleCrypto.name ? nobleCrypto : defaultCrypto)
  for (let isFound = false; !isFound;) {
    const result = miner.run(attemptsPerReport)
    isFound = result.isFound
    const report: WorkerReport = { ...result, stamp: miner.stamp }
    parentPort.postMessage(report)
  }
}
