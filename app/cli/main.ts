#!/usr/bin/env node
import { start } from './start.ts'

await start(async () => ({ name: 'switchyard', first: [(await import('./words/dev.ts')).addDev] }))
