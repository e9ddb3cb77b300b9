"""What PyInstaller can't find by itself: the data files. Modules it finds by their imports."""

from __future__ import annotations

from PyInstaller.utils.hooks import collect_data_files

datas = collect_data_files("fluxframe")
