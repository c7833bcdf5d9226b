"""Tables: a network predicts a number or a class from columns, beside simple models that do so, too."""

from nnplay.ui import shell

shell.begin(__file__)

from nnplay.ui import own_table, stage_page, table_fields, tabular  # noqa: E402

dialog = stage_page.show(table_fields.FIELDS, tabular.draw_sidebar)
own_table.open_if_asked(dialog)
stage_page.end()
