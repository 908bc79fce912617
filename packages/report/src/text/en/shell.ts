/** What stands around the views, and how quantities are written. */
export const shell = {
  'view.read': 'Read',
  'view.see': 'See',
  'view.run': 'Run',
  'view.learn': 'Learn',
  'shell.views': 'Views',
  'shell.language': 'Language',
  'shell.skip': 'Skip to the content',
  'shell.made': 'Made by Quorate. This file is complete in itself: it loads nothing and sends nothing.',
  'shell.title': '{title}: a Quorate report',
  'shell.titleOfPlay': 'Quorate: consensus and commit protocols to run and break',
  'shell.needsScripts': 'This page runs protocols, for which it needs scripts.',
  'shell.titleOfView': '{view}: {title}',

  'format.interval': '{value} ({interval})',
  'format.comma': ', ',
  'format.semicolon': '; ',
  'format.colon': ': ',
  'format.stop': '.',
  'format.utc': '{time} UTC',
  'unit.perSecond': 'per second',
  'unit.bytes': 'bytes',
} as const;
