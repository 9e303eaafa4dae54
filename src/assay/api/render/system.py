"""Settings as they go over the wire: a secret is not told, only whether there is one."""

from __future__ import annotations

from assay.api.wire import system as wire
from assay.runtime.config import REDACTED, Config, Setting


def config_fields(config: Config) -> wire.Config:
    """Every setting, in the order in which they are declared."""
    return wire.Config(fields=[_field(config, setting) for setting in config])


def _field(config: Config, setting: Setting) -> wire.ConfigField:
    return wire.ConfigField(
        name=setting.name,
        value=REDACTED if setting.secret else config.value(setting.name),
        default=REDACTED if setting.secret else setting.default,
        kind=setting.kind,
        choices=list(setting.choices) or None,
        low=setting.low,
        high=setting.high,
        unit=setting.unit,
        secret=setting.secret,
        restart=setting.restart,
        source=config.source(setting.name),
        description=setting.description,
    )
