"""How the kernel's inner functions are compiled: only to be linked into what calls them, and optimized there, once.

Numba makes machine code of every function it compiles, with all that the function calls in it once more. Nobody calls the inner ones
from Python, so that is left out: a fifth of the time of a first run.
"""

from __future__ import annotations

from typing import Any, Final

from numba import _dynfunc
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import PassManager, register_pass
from numba.core.typed_passes import InlineOverloads, NativeLowering
from numba.core.untyped_passes import InlineClosureLikes


class _Unlinked(JITCodeLibrary):
    """A function's code as it was lowered, with that of what it calls."""

    def _optimize_final_module(self) -> None:
        """What links it optimizes."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True


@register_pass(mutates_CFG=True, analysis_only=False)
class _Lowering(NativeLowering):
    _name = "lowering_to_be_linked"

    def run_pass(self, state: Any) -> bool:
        target = state.targetctx
        state.library = _Unlinked(target.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        super().run_pass(state)
        lowered = state["cr"]
        # Numba knows a compiled function by its entry point, so there is one, though it leads nowhere.
        entry = _dynfunc.make_function(lowered.fndesc.lookup_module(), lowered.fndesc.qualname, "", 0, lowered.env, (state.library,))
        target.insert_user_function(entry, lowered.fndesc, [state.library])
        state.reload_init.extend(state.library._reload_init)
        state["cr"] = lowered._replace(cfunc=entry)
        return True


_UNUSED: Final = (InlineClosureLikes, InlineOverloads)
"""Look through a function for what none of the kernel's has: functions within it, array comprehensions, overloads to be inlined."""


class Linked(CompilerBase):
    """Give it to `njit` as `pipeline_class`; the function is then for other compiled ones."""

    def define_pipelines(self) -> list[PassManager]:
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.passes = [(_Lowering if each is NativeLowering else each, said) for each, said in passes.passes if each not in _UNUSED]
        passes.finalize()
        return [passes]
