"""What everybody reads; exchange points at the desk; the member's own page."""

from django.urls import path

from lingka.points import views, views_books, views_desk, views_mine

app_name = "points"
urlpatterns = [
    path("points/", views.public, name="public"),
    path("points/thanks/", views.thanks, name="thanks"),
    path("points/thanks/<int:year>", views.thanks, name="thanks-of"),
    path("me/points/thanks/<int:year>", views_mine.thanks, name="my-thanks"),
    path("me/points/", views_mine.home, name="mine"),
    path("me/points/<uuid:uuid>", views_mine.reserved, name="reserved"),
    path("desk/points/", views_desk.index, name="desk"),
    path("desk/points/thanks", views_desk.thanks, name="freeze"),
    path("desk/points/review", views_desk.review, name="review"),
    path("desk/points/new", views_desk.edit_shop, name="new-shop"),
    path("desk/points/at/<uuid:uuid>/", views_desk.shop, name="shop"),
    path("desk/points/at/<uuid:uuid>/change", views_desk.edit_shop, name="edit-shop"),
    path("desk/points/at/<uuid:uuid>/sponsors/<int:year>", views_desk.report, name="report"),
    path("desk/points/at/<uuid:uuid>/fetch/<str:code>", views_desk.hand, name="hand"),
    path("desk/points/at/<uuid:shop>/goods/new", views_desk.good, name="new-good"),
    path("desk/points/at/<uuid:shop>/goods/<uuid:uuid>", views_desk.good, name="good"),
    path("desk/points/ours", views_books.ours, name="ours"),
    path("desk/points/at/<uuid:uuid>/back", views_books.back, name="back"),
    path("desk/points/entered/<str:code>", views_books.entered, name="entered"),
    path("desk/points/give/<str:code>", views_desk.give, name="give"),
    path("desk/points/scan/<str:code>", views_desk.scanned, name="scan"),
]
