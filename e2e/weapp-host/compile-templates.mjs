// WXML and WXS to JavaScript, by WeChat's own open-source compiler.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import compiler from 'glass-easel-template-compiler';

/**
 * Compiles the templates of one package. A sub-package may import templates of the main package, so those are compiled with it.
 *
 * @returns {string} a JavaScript expression: template path (no extension) → generated template
 * @throws Error with file, place and message of every template that does not compile
 */
export function compileTemplates(program, packageFiles) {
  const group = new compiler.TmplGroup();
  const faults = [];
  for (const file of packageFiles) {
    const source = () => readFileSync(path.join(program.dist, file), 'utf8');
    if (file.endsWith('.wxs')) group.addScript(file.slice(0, -4), source());
    if (!file.endsWith('.wxml')) continue;
    for (const fault of group.addTmpl(file.slice(0, -5), withColonBindings(source())))
      if (fault.isError) faults.push(`${file}:${fault.startLine + 1}:${fault.startColumn + 1} ${fault.message}`);
  }
  if (faults.length > 0) throw new Error(`templates that do not compile:\n  ${faults.join('\n  ')}`);
  const code = group.getTmplGenObjectGroups();
  group.free();
  return code;
}

/** `bindtap=` and `catchtouchmove=` are the old spelling of `bind:tap=`; glass-easel knows it only as a fallback that loses `catch`. */
function withColonBindings(wxml) {
  return wxml.replace(/(\s)((?:capture-)?(?:bind|catch)|mut-bind)([a-z][\w]*)(\s*=)/gi, '$1$2:$3$4');
}
