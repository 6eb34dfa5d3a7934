"""How every form of the site looks: errors beside their fields, all of them told together first."""

from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """Django's widgets in our fields."""

    form_template_name = "portal/forms/form.html"
    field_template_name = "portal/forms/field.html"
