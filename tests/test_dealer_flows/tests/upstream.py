"""Look at stock Odoo while our addons are installed."""

from contextlib import contextmanager
from functools import wraps
from unittest.mock import patch

OWN_PREFIX = "odoo.addons.dealer_"


def _passthrough(cls, name):
    """Return a method of ``cls`` that only hands over to the next class."""

    @wraps(cls.__dict__[name])
    def method(self, *args, **kwargs):
        return getattr(super(cls, self), name)(*args, **kwargs)

    return method


class UpstreamMixin:
    """Make overrides of our addons transparent for a while."""

    @contextmanager
    def upstream(self, *model_names):
        """Make every override of our addons on these models transparent.

        Only methods that some class of Odoo below also defines are concerned, so that
        new methods and fields of ours stay as they are.
        """
        with self._patched(
            (cls, name)
            for model_name in model_names
            for cls, name in self._own_overrides(model_name)
        ):
            yield

    @contextmanager
    def without(self, model_name, *method_names):
        """Make our overrides of these methods of one model transparent."""
        overrides = [
            (cls, name) for cls, name in self._own_overrides(model_name) if name in method_names
        ]
        missing = set(method_names) - {name for _cls, name in overrides}
        self.assertFalse(missing, f"{model_name}: not overridden by us any more: {missing}")
        with self._patched(overrides):
            yield

    def _own_overrides(self, model_name):
        mro = type(self.env[model_name]).__mro__
        for position, cls in enumerate(mro):
            if not cls.__module__.startswith(OWN_PREFIX):
                continue
            below = [c for c in mro[position + 1 :] if not c.__module__.startswith(OWN_PREFIX)]
            for name, attribute in list(vars(cls).items()):
                if (
                    callable(attribute)
                    and not name.startswith("__")
                    and any(callable(vars(c).get(name)) for c in below)
                ):
                    yield cls, name

    @contextmanager
    def _patched(self, overrides):
        patches = [patch.object(cls, name, _passthrough(cls, name)) for cls, name in overrides]
        for patcher in patches:
            patcher.start()
        try:
            yield
        finally:
            for patcher in reversed(patches):
                patcher.stop()
