import type { Translation } from '../catalogue.ts';
import type { shell as english } from '../en/shell.ts';

export const shell: Translation<typeof english> = {
  'view.read': '阅读',
  'view.see': '观察',
  'view.run': '运行',
  'view.learn': '学习',
  'shell.views': '视图',
  'shell.language': '语言',
  'shell.skip': '跳到正文',
  'shell.made': '由 Quorate 生成。本文件自成一体：不加载任何外部内容，也不向外发送任何数据。',
  'shell.title': '{title}：Quorate 报告',
  'shell.titleOfPlay': 'Quorate：可以运行和破坏的共识与提交协议',
  'shell.needsScripts': '本页要运行协议，需要启用脚本。',
  'shell.titleOfView': '{view}：{title}',

  'format.interval': '{value}（{interval}）',
  'format.comma': '，',
  'format.semicolon': '；',
  'format.colon': '：',
  'format.stop': '。',
  'format.utc': '{time}（UTC）',
  'unit.perSecond': '每秒',
  'unit.bytes': '字节',
};
