"""The attributes of a control are those that WTForms would write, whatever is typed."""

from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from wtforms import Form, SelectField, StringField, TextAreaField
from wtforms.widgets.core import html_params

from bilan.fields import attributes

NAMES = st.sampled_from(["class_", "data_hx_post", "aria-label", "for_", "id", "value", "title", "checked"])
VALUES = st.one_of(st.booleans(), st.text(), st.text().map(Markup), st.integers(), st.sampled_from(['"><script>', "a&b", "’", "'"]))


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(NAMES, VALUES))
def test_they_are_written_as_the_library_does(given_attributes):
    assert attributes(**given_attributes) == html_params(**given_attributes)


def test_every_kind_of_control_writes_them_so():
    class Controls(Form):
        line, text, one = StringField(), TextAreaField(), SelectField(choices={"a": "A"})

    assert all(field.widget.html_params is attributes for field in Controls())
    assert str(Controls(data={"line": '"><b>'}).line()) == '<input id="line" name="line" type="text" value="&#34;&gt;&lt;b&gt;">'
