from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Count',
            fields=[
                ('name', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('since', models.FloatField()),
                ('used', models.PositiveIntegerField()),
            ],
        ),
    ]
