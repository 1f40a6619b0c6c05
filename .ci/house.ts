import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The top of the repository. */
export const ROOT: string = fileURLToPath(new URL('../', import.meta.url))

/** A package of the house, as its own files tell. */
export interface Package {
  /** The folder, and the name after `@weir/`. */
  readonly folder: string
  readonly name: string
  readonly description: string
  /** 0 to 9, from the tag in turbo.json. */
  readonly layer: number
  /** The packages of the house that it needs at run time. */
  readonly standsOn: readonly string[]
  /** What can be imported, as names: the package's own, and those of its subpaths. */
  readonly entryPoints: readonly EntryPoint[]
  /** Names of its commands. */
  readonly commands: readonly string[]
}

interface EntryPoint {
  readonly specifier: string
  /** From the top of the package. */
  readonly source: string
}

interface Manifest {
  readonly name: string
  readonly description: string
  readonly exports: Record<string, { readonly '@weir/source': string }>
  readonly dependencies?: Record<string, string>
  readonly bin?: Record<string, string>
}

function readJson (path: string): unknown {
  return JSON.parse(readFileSync(`${ROOT}${path}`, 'utf8'))
}

function readPackage (folder: string): Package {
  const manifest = readJson(`packages/${folder}/package.json`) as Manifest
  const { tags } = readJson(`packages/${folder}/turbo.json`) as { tags: string[] }
  const layer = tags.map(tag => /^L(\d)$/.exec(tag)?.[1]).find(digit => digit !== undefined)
  if (layer === undefined) throw new Error(`packages/${folder}/turbo.json has no tag L0 to L9`)
  if (manifest.name !== `@weir/${folder}`) throw new Error(`packages/${folder} is named ${manifest.name}`)
  const standsOn = Object.keys(manifest.dependencies ?? {}).filter(name => name.startsWith('@weir/')).map(name => name.slice('@weir/'.length))
  const entryPoints = Object.entries(manifest.exports).map(([path, { '@weir/source': source }]) => ({ specifier: `${manifest.name}${path.slice(1)}`, source }))
  return { folder, name: manifest.name, description: manifest.description, layer: Number(layer), standsOn, entryPoints, commands: Object.keys(manifest.bin ?? {}) }
}

/** All packages, the lowest layer first. */
export function packages (): Package[] {
  const folders = readdirSync(`${ROOT}packages`).filter(folder => existsSync(`${ROOT}packages/${folder}/package.json`))
  return folders.map(readPackage).sort((a, b) => a.layer - b.layer || a.folder.localeCompare(b.folder))
}

/** All pages written for people, as paths from the top. */
export function pages (): string[] {
  return [
    'README.md',
    ...readdirSync(`${ROOT}docs`).filter(name => name.endsWith('.md')).map(name => `docs/${name}`),
    ...packages().map(({ folder }) => `packages/${folder}/README.md`)
  ]
}
