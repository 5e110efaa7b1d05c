"""The attributes of a control are those that WTForms would write, whatever is typed."""

import importlib.util

from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from wtforms import Form, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import Select
from wtforms.widgets.core import html_params

from bilan.fields import attributes

NAMES = st.sampled_from(["class_", "data_hx_post", "aria-label", "for_", "id", "value", "title", "checked"])
VALUES = st.one_of(st.booleans(), st.text(), st.text().map(Markup), st.integers(), st.sampled_from(['"><script>', "a&b", "’", "'"]))


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(NAMES, VALUES))
def test_they_are_written_as_the_library_does(given_attributes):
    assert attributes(**given_attributes) == html_params(**given_attributes)


def untouched():
    """Return the widgets as the library defines them, in a module of their own."""
    spec = importlib.util.find_spec("wtforms.widgets.core")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


LIBRARY = untouched()


@given(st.one_of(st.text(), st.integers(), st.booleans()), st.one_of(st.none(), st.text(), st.text().map(Markup)), st.booleans())
def test_an_option_is_written_as_the_library_does(value, label, selected):
    choice = SelectChoice(value, label, {"data_x": "y"})
    choice.selected = selected
    assert Select.render_option(choice) == LIBRARY.Select.render_option(choice)


def test_every_kind_of_control_writes_them_so():
    class Controls(Form):
        line, text, one = StringField(), TextAreaField(), SelectField(choices={"a": "A"})

    controls = Controls()
    assert controls.line.widget.html_params is controls.text.widget.html_params is attributes
    assert str(controls.one()) == '<select id="one" name="one"><option value="a">A</option></select>'
    assert str(Controls(data={"line": '"><b>'}).line()) == '<input id="line" name="line" type="text" value="&#34;&gt;&lt;b&gt;">'
