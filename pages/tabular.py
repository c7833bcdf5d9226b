"""Tables: a network predicts a number or a class from columns, beside simple models that do so, too."""

from nnplay.ui import shell

shell.begin(__file__)

from nnplay.ui import stage_page  # noqa: E402
from nnplay.ui.dialogs import open_table  # noqa: E402
from nnplay.ui.form import table_fields, tables_sidebar  # noqa: E402

dialog = stage_page.show(table_fields.FIELDS, tables_sidebar.draw_sidebar)
open_table.open_if_asked(dialog)
stage_page.end()
