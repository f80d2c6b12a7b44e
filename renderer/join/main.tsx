/** @file Starts the pairing page. It has no client: it is for a browser the core does not know yet. */
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { applyTheme } from '../shared/theme.ts'
import { JoinApp } from './app.tsx'
import '../shared/tokens.css'
import '../shared/base.css'
import '../shared/components/components.css'

applyTheme(location.search)
const root = document.getElementById('root')
if (!root) throw new Error('The page has no #root.')
createRoot(root).render(
  <StrictMode>
    <JoinApp code={new URLSearchParams(location.search).get('code') ?? ''} />
  </StrictMode>,
)
