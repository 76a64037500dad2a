/** Outlines on a 16 px grid: stroke width and the inside of an svg. Kinds and parts, `s-` states, `ui-` controls. */
export const glyphs = {
  pod: [1.25, '<rect x="2.5" y="2.5" width="11" height="11" rx="3.5"/><circle cx="8" cy="8" r="2"/>'],
  node: [
    1.25,
    '<rect x="2" y="3.5" width="12" height="9" rx="2"/><path d="M4.75 10h3.5"/><circle cx="11.25" cy="10" r=".9" fill="currentColor" stroke="none"/>',
  ],
  deployment: [
    1.25,
    '<rect x="2.5" y="5.5" width="8" height="8" rx="2"/><path d="M5.5 2.5h6a2 2 0 0 1 2 2v6M6.5 11.5v-4M4.75 9.25 6.5 7.5l1.75 1.75"/>',
  ],
  replicaset: [
    1.25,
    '<rect x="2.5" y="2.5" width="4.5" height="4.5" rx="1.25"/><rect x="9" y="2.5" width="4.5" height="4.5" rx="1.25"/><rect x="2.5" y="9" width="4.5" height="4.5" rx="1.25"/><rect x="9" y="9" width="4.5" height="4.5" rx="1.25" stroke-dasharray="1.6 1.6"/>',
  ],
  statefulset: [
    1.25,
    '<rect x="5.5" y="2.5" width="8" height="3" rx="1"/><rect x="5.5" y="6.5" width="8" height="3" rx="1"/><rect x="5.5" y="10.5" width="8" height="3" rx="1"/><path d="M3 2.5v11M2 11.9l1 1.6 1-1.6"/>',
  ],
  daemonset: [
    1.25,
    '<rect x="2" y="4" width="3" height="3" rx=".9"/><rect x="6.5" y="4" width="3" height="3" rx=".9"/><rect x="11" y="4" width="3" height="3" rx=".9"/><path d="M3.5 7v4.5M8 7v4.5M12.5 7v4.5M2 11.5h12"/>',
  ],
  job: [1.25, '<rect x="2.5" y="2.5" width="11" height="11" rx="2"/><path d="m5.5 8.25 1.75 1.75L10.75 6.25"/>'],
  cronjob: [
    1.25,
    '<path d="M13.5 8A5.5 5.5 0 1 1 8 2.5"/><path d="M8 5v3l2 1.5"/><path d="m10.5 3.25 1.1 1.1L13.75 2"/>',
  ],
  service: [
    1.25,
    '<circle cx="5" cy="8" r="2.5"/><circle cx="13" cy="3.5" r="1"/><circle cx="13" cy="8" r="1"/><circle cx="13" cy="12.5" r="1"/><path d="M7.1 6.7 12.1 4M7.5 8H12M7.1 9.3l5 2.7"/>',
  ],
  endpointslice: [
    1.25,
    '<circle cx="3.5" cy="4" r="1.25"/><circle cx="3.5" cy="8" r="1.25"/><circle cx="3.5" cy="12" r="1.25"/><path d="M7 4h6.5M7 8h6.5M7 12h4"/>',
  ],
  ingress: [
    1.25,
    '<path d="M9 2.75h2.75a1.75 1.75 0 0 1 1.75 1.75v7a1.75 1.75 0 0 1-1.75 1.75H9M2 8h7.5M6.75 5.25 9.5 8l-2.75 2.75"/>',
  ],
  gateway: [1.25, '<path d="M2.5 13.5V8a5.5 5.5 0 0 1 11 0v5.5M5.75 13.5V8.25a2.25 2.25 0 0 1 4.5 0v5.25M2 13.5h12"/>'],
  loadbalancer: [
    1.25,
    '<circle cx="3.75" cy="8" r="1.75"/><path d="M5.5 8H14M7 8c1.5 0 1.5-4.25 3.5-4.25H14M7 8c1.5 0 1.5 4.25 3.5 4.25H14M12.5 2.5 14 3.75 12.5 5M12.5 11 14 12.25l-1.5 1.25"/>',
  ],
  networkpolicy: [1.25, '<path d="M8 2 13 4v4c0 3-2 5-5 6-3-1-5-3-5-6V4z"/><path d="M5.5 8h5"/>'],
  configmap: [
    1.25,
    '<path d="M2.5 4.5h4M10 4.5h3.5M2.5 11.5h2.5M8.5 11.5h5"/><circle cx="8.25" cy="4.5" r="1.75"/><circle cx="6.75" cy="11.5" r="1.75"/>',
  ],
  secret: [1.25, '<circle cx="5" cy="11" r="2.75"/><path d="m7 9 6.5-6.5M11 5l2 2M9 7l1.25 1.25"/>'],
  pvc: [1.25, '<circle cx="8" cy="8" r="5.75" stroke-dasharray="3.4 1.75"/><path d="M8 5.75v4.5M5.75 8h4.5"/>'],
  pv: [
    1.25,
    '<circle cx="8" cy="8" r="5.75"/><circle cx="8" cy="8" r="1.5" fill="currentColor" stroke="none"/><path d="M8 4.5A3.5 3.5 0 0 1 11.5 8"/>',
  ],
  storageclass: [
    1.25,
    '<ellipse cx="8" cy="4" rx="5.5" ry="1.75"/><path d="M2.5 4v4c0 .97 2.46 1.75 5.5 1.75s5.5-.78 5.5-1.75V4M2.5 8v4c0 .97 2.46 1.75 5.5 1.75s5.5-.78 5.5-1.75V8"/>',
  ],
  namespace: [
    1.25,
    '<rect x="2.5" y="2.5" width="11" height="11" rx="2.5" stroke-dasharray="2.4 2"/><path d="M6 10V6l4 4V6"/>',
  ],
  serviceaccount: [
    1.25,
    '<circle cx="8" cy="5.25" r="2.75"/><path d="M2.75 13.5c.5-2.75 2.5-4 5.25-4s4.75 1.25 5.25 4"/>',
  ],
  role: [
    1.25,
    '<rect x="3" y="2" width="10" height="12" rx="2"/><path d="m5.25 5.75.8.8 1.4-1.5M9.5 6h1.25M5.25 10.25l.8.8 1.4-1.5M9.5 10.5h1.25"/>',
  ],
  rolebinding: [
    1.25,
    '<path d="M6.75 9.25a2.75 2.75 0 0 0 4.1.25l1.9-1.9A2.75 2.75 0 0 0 8.9 3.7l-.9.9M9.25 6.75a2.75 2.75 0 0 0-4.1-.25l-1.9 1.9A2.75 2.75 0 0 0 7.1 12.3l.9-.9"/>',
  ],
  hpa: [
    1.25,
    '<rect x="5.5" y="5.5" width="5" height="5" rx="1.25"/><path d="M3.5 6 1.5 8l2 2M12.5 6l2 2-2 2M8 1.75v2M8 12.25v2"/>',
  ],
  pdb: [1.25, '<path d="M8 2.5A5.75 5.75 0 0 1 13.75 8H2.25A5.75 5.75 0 0 1 8 2.5zM8 8v4a1.5 1.5 0 0 0 3 0M8 1.5v1"/>'],
  lease: [1.25, '<path d="M1.5 8.5h3l1.5-4.5 3.25 8 1.75-5 .75 1.5h2.75"/>'],
  event: [1.25, '<path d="M9 1.75 3.5 9H8l-1 5.25L12.5 7H8z"/>'],
  crd: [
    1.25,
    '<path d="M5.5 2.5c-1.5 0-2 .75-2 2v1.75C3.5 7.25 3 8 2 8c1 0 1.5.75 1.5 1.75v1.75c0 1.25.5 2 2 2M10.5 2.5c1.5 0 2 .75 2 2v1.75c0 1 .5 1.75 1.5 1.75-1 0-1.5.75-1.5 1.75v1.75c0 1.25-.5 2-2 2M8 6.25v3.5M6.25 8h3.5"/>',
  ],
  priorityclass: [1.25, '<path d="M4 8l4-4 4 4M4 12l4-4 4 4"/>'],
  resourcequota: [
    1.25,
    '<path d="M2.5 11.5a5.5 5.5 0 1 1 11 0M8 11.5l2.75-3.75M2.5 11.5h1.25M12.25 11.5h1.25M8 6v1"/>',
  ],
  etcd: [
    1.25,
    '<circle cx="8" cy="3.75" r="1.75"/><circle cx="3.75" cy="11.5" r="1.75"/><circle cx="12.25" cy="11.5" r="1.75"/><path d="M7.1 5.25 4.6 10M8.9 5.25l2.5 4.75M5.5 11.5h5"/>',
  ],
  apiserver: [
    1.25,
    '<rect x="2" y="3" width="12" height="10" rx="2"/><path d="M5.75 6.25 4 8l1.75 1.75M10.25 6.25 12 8l-1.75 1.75M8.75 5.75l-1.5 4.5"/>',
  ],
  scheduler: [
    1.25,
    '<path d="M2 3.5h4M2 8h3M2 12.5h4M6 8h3.5M8 6.25 9.75 8 8 9.75"/><rect x="11.5" y="2.25" width="2.5" height="2.5" rx=".75"/><rect x="11.5" y="6.75" width="2.5" height="2.5" rx=".75" fill="currentColor"/><rect x="11.5" y="11.25" width="2.5" height="2.5" rx=".75"/>',
  ],
  controllermanager: [
    1.25,
    '<path d="M13 6.5A5.25 5.25 0 0 0 3.2 5.75M3 9.5a5.25 5.25 0 0 0 9.8.75M3 2.75v3h3M13 13.25v-3h-3"/><circle cx="8" cy="8" r="1.25" fill="currentColor" stroke="none"/>',
  ],
  zone: [
    1.25,
    '<path d="M8 1.75 13.5 5v6L8 14.25 2.5 11V5z" stroke-dasharray="2.6 1.8"/><circle cx="8" cy="8" r="1.5"/>',
  ],
  client: [
    1.25,
    '<circle cx="8" cy="8" r="5.75"/><path d="M2.25 8h11.5M8 2.25c2 1.75 2.75 3.5 2.75 5.75S10 12 8 13.75C6 12 5.25 10.25 5.25 8S6 4 8 2.25z"/>',
  ],
  's-running': [1.75, '<circle cx="8" cy="8" r="4" fill="currentColor" stroke="none"/>'],
  's-pending': [1.75, '<circle cx="8" cy="8" r="4.5" stroke-dasharray="2.6 2.11"/>'],
  's-creating': [
    1.75,
    '<path d="M8 3.5A4.5 4.5 0 1 1 3.5 8"/><circle cx="8" cy="8" r="1.5" fill="currentColor" stroke="none"/>',
  ],
  's-notready': [
    1.75,
    '<circle cx="8" cy="8" r="4.5"/><path d="M8 3.5a4.5 4.5 0 0 1 0 9z" fill="currentColor" stroke="none"/>',
  ],
  's-crash': [
    1.75,
    '<path d="M12.25 8A4.25 4.25 0 1 1 10.6 4.65M12.5 2.5v2.75H9.75"/><path d="M8 6v2.5"/><circle cx="8" cy="10.4" r=".35" fill="currentColor"/>',
  ],
  's-completed': [1.75, '<path d="m3.75 8.5 2.75 2.75L12.25 5"/>'],
  's-error': [1.75, '<path d="m4.25 4.25 7.5 7.5M11.75 4.25l-7.5 7.5"/>'],
  's-oom': [
    1.75,
    '<path d="M3.5 6.5v5a1.25 1.25 0 0 0 1.25 1.25h6.5a1.25 1.25 0 0 0 1.25-1.25v-5"/><path d="M5.75 10.25h4.5M5.75 7.25h4.5M5.75 4.25h4.5"/>',
  ],
  's-terminating': [1.75, '<circle cx="8" cy="8" r="4.75"/><path d="M5.75 8h4.5"/>'],
  's-evicted': [1.75, '<path d="M8 12.5V4M4.75 7 8 3.75 11.25 7"/><path d="M3.5 12.5h9"/>'],
  's-unknown': [
    1.75,
    '<path d="M5.75 6.1a2.3 2.3 0 1 1 3.4 2c-.8.45-1.15.9-1.15 1.65"/><circle cx="8" cy="12" r=".5" fill="currentColor"/>',
  ],
  's-gated': [1.75, '<path d="M4.25 3.5v9M11.75 3.5v9M4.25 6.25h7.5M4.25 9.75h7.5"/>'],
  'ui-play': [1.25, '<path d="M5 3.25v9.5L12.5 8z" fill="currentColor"/>'],
  'ui-pause': [1.25, '<path d="M5.5 3.5v9M10.5 3.5v9" stroke-width="2.25"/>'],
  'ui-step': [1.25, '<path d="M4 3.75v8.5L10 8z" fill="currentColor"/><path d="M12.25 3.75v8.5"/>'],
  'ui-skip': [1.25, '<path d="M2.5 4v8L7.5 8zM8 4v8l5-4z" fill="currentColor"/><path d="M14 4v8"/>'],
  'ui-back': [1.25, '<path d="M12 3.75v8.5L6 8z" fill="currentColor"/><path d="M3.75 3.75v8.5"/>'],
  'ui-search': [1.25, '<circle cx="7" cy="7" r="4.25"/><path d="m10.25 10.25 3.25 3.25"/>'],
  'ui-share': [
    1.25,
    '<path d="M8 9.5V2.5M5.25 5 8 2.25 10.75 5M3.5 8v4a1.5 1.5 0 0 0 1.5 1.5h6a1.5 1.5 0 0 0 1.5-1.5V8"/>',
  ],
  'ui-sun': [
    1.25,
    '<circle cx="8" cy="8" r="2.75"/><path d="M8 1.5v1.25M8 13.25v1.25M1.5 8h1.25M13.25 8h1.25M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9"/>',
  ],
  'ui-moon': [1.25, '<path d="M13.25 9.5A5.75 5.75 0 0 1 6.5 2.75a5.75 5.75 0 1 0 6.75 6.75z"/>'],
  'ui-plus': [1.25, '<path d="M8 3.5v9M3.5 8h9"/>'],
  'ui-x': [1.25, '<path d="m4.5 4.5 7 7M11.5 4.5l-7 7"/>'],
  'ui-minus': [1.25, '<path d="M3.5 8h9"/>'],
  'ui-chev-d': [1.25, '<path d="m4.75 6.5 3.25 3.25L11.25 6.5"/>'],
  'ui-chev-r': [1.25, '<path d="M6.5 4.75 9.75 8 6.5 11.25"/>'],
  'ui-unplug': [
    1.25,
    '<path d="M1.5 8h2.25M5.75 5.25v5.5A2 2 0 0 1 3.75 8a2.75 2.75 0 0 1 2-2.75zM14.5 8h-2.25M10.25 5.25v5.5c1.25-.2 2-1.25 2-2.75s-.75-2.55-2-2.75zM5.75 6.75h1.5M5.75 9.25h1.5M8.75 3.25l.75-1.5M8.75 12.75l.75 1.5"/>',
  ],
  'ui-power': [1.25, '<path d="M8 2v5.5M4.75 4.25a5 5 0 1 0 6.5 0"/>'],
  'ui-filter': [1.25, '<path d="M2.5 4h11M4.5 8h7M6.5 12h3"/>'],
  'ui-fork': [
    1.25,
    '<circle cx="4" cy="4" r="1.5"/><circle cx="4" cy="12" r="1.5"/><circle cx="12" cy="8" r="1.5"/><path d="M4 5.5v5M5.5 4h1A2.5 2.5 0 0 1 9 6.5 1.5 1.5 0 0 0 10.5 8"/>',
  ],
  'ui-bulb': [1.25, '<path d="M6 11.5c0-1.5-2-2.25-2-4.75a4 4 0 0 1 8 0c0 2.5-2 3.25-2 4.75zM6.25 13.75h3.5"/>'],
  'ui-check': [1.25, '<path d="m3.5 8.5 3 3 6-7"/>'],
  'ui-cordon': [1.25, '<circle cx="8" cy="8" r="5.5"/><path d="m4.25 4.25 7.5 7.5"/>'],
  'ui-drain': [1.25, '<path d="M3 3h10l-3.5 4.5V11L6.5 13V7.5z"/>'],
  'ui-warn': [1.25, '<path d="M8 2.5 14 13H2zM8 6.5V9"/><circle cx="8" cy="11" r=".4" fill="currentColor"/>'],
  'ui-undo': [1.25, '<path d="M5.5 3 2.5 6l3 3M2.5 6H10a3.5 3.5 0 0 1 0 7H7"/>'],
  'ui-copy': [
    1.25,
    '<rect x="5.5" y="5.5" width="8" height="8" rx="1.75"/><path d="M3.5 10.5A1 1 0 0 1 2.5 9.5v-6a1 1 0 0 1 1-1h6a1 1 0 0 1 1 1"/>',
  ],
  'ui-download': [1.25, '<path d="M8 2.5v7.25M4.75 6.5 8 9.75l3.25-3.25M3.25 13h9.5"/>'],
  'ui-more': [
    1.25,
    '<circle cx="3.5" cy="8" r=".6" fill="currentColor"/><circle cx="8" cy="8" r=".6" fill="currentColor"/><circle cx="12.5" cy="8" r=".6" fill="currentColor"/>',
  ],
  'ui-file': [
    1.25,
    '<path d="M4.5 2h4.75L12.5 5.25V12.5A1.5 1.5 0 0 1 11 14H4.5A1.5 1.5 0 0 1 3 12.5v-9A1.5 1.5 0 0 1 4.5 2zM9 2v3.5h3.5"/>',
  ],
  'ui-book': [
    1.25,
    '<path d="M2.5 3.5c2-.75 4-.5 5.5.75 1.5-1.25 3.5-1.5 5.5-.75v9c-2-.75-4-.5-5.5.75-1.5-1.25-3.5-1.5-5.5-.75zM8 4.25v9"/>',
  ],
  'ui-crown': [1.25, '<path d="M2.5 11.5 2 5l3.25 2.5L8 3.5l2.75 4L14 5l-.5 6.5z" fill="currentColor"/>'],
  'ui-fit': [1.25, '<path d="M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3"/>'],
  'ui-lock': [1.25, '<rect x="3.5" y="7" width="9" height="6.5" rx="1.75"/><path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2"/>'],
  'ui-pressure': [1.25, '<path d="M2.5 11.5a5.5 5.5 0 1 1 11 0M8 11.5l3-4"/>'],
  'ui-term': [1.25, '<path d="m3 4.5 3.5 3.5L3 11.5M8 12h5"/>'],
  'ui-layers': [1.25, '<path d="m8 2.5 6 3-6 3-6-3zM2 8.5l6 3 6-3"/>'],
  'ui-hand': [1.25, '<path d="M3 3l4 10 1.75-4.25L13 7z"/>'],
} as const satisfies Record<string, readonly [number, string]>
