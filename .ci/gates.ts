import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A fault that is put into a copy of the house, to see that a gate finds it. */
export interface Violation {
  readonly what: string
  /** @param root - the top of the copy */
  plant (root: string): void
  /** What the gate has to say of it. */
  readonly shows: RegExp
}

/** A command that everything has to pass, and what it is there to find. */
export interface Gate {
  readonly command: string
  readonly violations: readonly Violation[]
}

function append (path: string, text: string): Violation['plant'] {
  return root => { appendFileSync(join(root, path), text) }
}

function write (path: string, text: string): Violation['plant'] {
  return root => { writeFileSync(join(root, path), text) }
}

interface Manifest {
  description: string
  exports: unknown
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

/** Changes the package.json of a package. */
function edit (folder: string, change: (manifest: Manifest) => void): Violation['plant'] {
  return root => {
    const file = join(root, 'packages', folder, 'package.json')
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest
    change(manifest)
    writeFileSync(file, `${JSON.stringify(manifest, undefined, 2)}\n`)
  }
}

function all (...plants: Violation['plant'][]): Violation['plant'] {
  return root => { for (const plant of plants) plant(root) }
}

function lines (count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => `${line(i)}\n`).join('')
}

const NETWORK = 'packages/network/src'
const WRONG_TYPE = "\nexport const planted: number = 'text'\n"

/** All gates, with the faults that `prove-gates.ts` plants. A gate that finds none of them guards nothing. */
export const GATES: readonly Gate[] = [
  {
    command: 'npm run types',
    violations: [
      { what: 'a wrong type in a source file', plant: append(`${NETWORK}/random.ts`, WRONG_TYPE), shows: /random\.ts.*TS2322/ },
      { what: 'a wrong type in a test', plant: append('packages/network/test/peers.ts', WRONG_TYPE), shows: /peers\.ts.*TS2322/ },
      { what: 'a wrong type in an example', plant: write('examples/planted.ts', WRONG_TYPE), shows: /planted\.ts.*TS2322/ },
      { what: 'a wrong type in a benchmark', plant: write('bench/planted.ts', WRONG_TYPE), shows: /planted\.ts.*TS2322/ },
      { what: 'a wrong type in the interop tests', plant: write('interop/peer/planted.ts', WRONG_TYPE), shows: /planted\.ts.*TS2322/ },
      { what: 'a wrong type in these scripts', plant: write('.ci/planted.ts', WRONG_TYPE), shows: /planted\.ts.*TS2322/ },
      { what: 'an export whose type must be guessed', plant: append(`${NETWORK}/random.ts`, '\nexport const planted = systemRandom()\n'), shows: /random\.ts.*TS9010/ },
      { what: 'syntax that cannot be stripped', plant: append(`${NETWORK}/random.ts`, '\nexport enum Planted { a }\n'), shows: /random\.ts.*TS1294/ }
    ]
  },
  {
    command: 'npm run lint',
    violations: [
      {
        what: 'an import cycle',
        plant: all(append(`${NETWORK}/random.ts`, "\nimport { systemClock } from './clock.ts'\nexport const planted: unknown = systemClock\n"), append(`${NETWORK}/clock.ts`, "\nimport { planted } from './random.ts'\nexport const planted2: unknown = planted\n")),
        shows: /noImportCycles/
      },
      {
        what: 'an import cycle of types alone',
        plant: all(append(`${NETWORK}/random.ts`, "\nimport type { Clock } from './clock.ts'\nexport type Planted = Clock\n"), append(`${NETWORK}/clock.ts`, "\nimport type { Planted } from './random.ts'\nexport type Planted2 = Planted\n")),
        shows: /noImportCycles/
      },
      { what: '`export *`', plant: append(`${NETWORK}/index.ts`, "export * from './clock.ts'\n"), shows: /noReExportAll/ },
      {
        what: 'a promise that nobody waits for',
        plant: append(`${NETWORK}/random.ts`, "\nimport { nullConnManager } from './conn-manager.null.ts'\nexport function planted (): void { nullConnManager.close() }\n"),
        shows: /noFloatingPromises/
      },
      { what: 'a source file of more than 300 lines', plant: append(`${NETWORK}/random.ts`, lines(300, i => `export const planted${i}: number = ${i}`)), shows: /noExcessiveLinesPerFile/ },
      { what: 'a test of more than 400 lines', plant: append('packages/network/test/peers.ts', lines(400, i => `export const planted${i}: number = ${i}`)), shows: /noExcessiveLinesPerFile/ },
      { what: 'an import of a package that is not declared', plant: append(`${NETWORK}/random.ts`, "\nimport { x } from 'mocha'\nexport const planted: unknown = x\n"), shows: /noUndeclaredDependencies/ },
      { what: 'an import that is not used', plant: append(`${NETWORK}/random.ts`, "\nimport { systemClock } from './clock.ts'\n"), shows: /noUnusedImports/ },
      { what: '`any`', plant: append(`${NETWORK}/random.ts`, '\nexport const planted: any = 1\n'), shows: /noExplicitAny/ },
      { what: 'a package that prints', plant: append(`${NETWORK}/random.ts`, "\nconsole.log('planted')\n"), shows: /noConsole/ }
    ]
  },
  {
    command: 'npm run boundaries',
    violations: [
      { what: 'a package that needs a higher layer', plant: edit('network', manifest => { manifest.dependencies = { '@weir/swarm': '0.0.0' } }), shows: /@weir\/swarm/ },
      { what: 'tests that need their own layer', plant: edit('adapters', manifest => { manifest.devDependencies = { ...manifest.devDependencies, '@weir/compliance': '0.0.0' } }), shows: /@weir\/compliance/ },
      { what: 'an import of a package that is not declared', plant: append(`${NETWORK}/random.ts`, "\nimport { fromStream } from '@weir/adapters'\nexport const planted: unknown = fromStream\n"), shows: /@weir\/adapters/ },
      { what: 'an import of another package\'s files', plant: append('packages/adapters/src/index.ts', "export { systemRandom } from '../../network/src/random.ts'\n"), shows: /network\/src\/random\.ts/ }
    ]
  },
  {
    command: 'npm run knip',
    violations: [
      { what: 'a file that nothing uses', plant: write(`${NETWORK}/planted.ts`, 'export const planted: number = 1\n'), shows: /Unused files[\s\S]*planted\.ts/ },
      { what: 'an export that nothing uses', plant: append(`${NETWORK}/random.ts`, '\nexport const planted: number = 1\n'), shows: /Unused exports[\s\S]*planted/ },
      { what: 'a type that nothing uses', plant: append(`${NETWORK}/random.ts`, '\nexport type Planted = number\n'), shows: /Unused exported types[\s\S]*Planted/ },
      { what: 'a dependency that nothing uses', plant: edit('network', manifest => { manifest.dependencies = { commander: '15.1.0' } }), shows: /Unused dependencies[\s\S]*commander/ }
    ]
  },
  {
    command: 'npm run publint',
    violations: [
      { what: 'an entry point that is not in the tarball', plant: edit('network', manifest => { manifest.exports = { '.': { types: './dist/index.d.ts', default: './dist/planted.js' } } }), shows: /planted\.js/ },
      { what: 'types that do not come first', plant: edit('network', manifest => { manifest.exports = { '.': { default: './dist/index.js', types: './dist/index.d.ts' } } }), shows: /types/ }
    ]
  },
  {
    command: 'npm run coverage',
    violations: [
      { what: 'a test that fails', plant: append('packages/network/test/random.test.ts', "\nit('planted', () => { assert.equal(1, 2) })\n"), shows: /1 failing/ },
      { what: 'a test that keeps the others from running', plant: append('packages/network/test/random.test.ts', "\nit.only('planted', () => {})\n"), shows: /forbid/ },
      { what: 'a rejection that nobody handles', plant: append('packages/network/test/random.test.ts', "\nit('planted', () => { void Promise.reject(new Error('planted')) })\n"), shows: /nobody handled/ },
      {
        what: 'a test that leaves a socket open',
        plant: append('packages/network/test/random.test.ts', "\nimport { createServer } from 'node:net'\nit('planted', () => { createServer().listen(0) })\n"),
        shows: /left open: TCPServerWrap/
      },
      {
        what: 'much code that no test runs',
        plant: append(`${NETWORK}/random.ts`, lines(4_000, i => `export function planted${i} (): number {\n  const n = ${i}\n  return n * n\n}`)),
        shows: /does not meet/
      }
    ]
  },
  {
    command: 'npm run test:house',
    violations: [
      { what: 'a page whose generated part is old', plant: edit('network', manifest => { manifest.description = 'planted' }), shows: /generated parts up to date[\s\S]*failing/ },
      { what: 'a link to a file that is not there', plant: append('docs/ARCHITECTURE.md', '\n[planted](planted.md)\n'), shows: /docs\/planted\.md/ },
      { what: 'a README with a command that is not there', plant: append('README.md', '\nnpm run planted\n'), shows: /\+ *'planted'/ },
      { what: 'a README with a program that fails', plant: append('packages/network/README.md', "\n```ts\nthrow new Error('planted')\n```\n"), shows: /Error: planted/ },
      {
        what: 'a tarball that lacks what it imports',
        plant: append(`${NETWORK}/random.ts`, "\nimport mocha from 'mocha'\nif (typeof mocha !== 'function') throw new Error('planted')\n"),
        shows: /Cannot find package 'mocha'/
      }
    ]
  },
  {
    command: 'npm run examples',
    violations: [
      { what: 'an example that fails', plant: write('examples/99-planted.ts', "throw new Error('planted')\n"), shows: /planted/ }
    ]
  }
]
