"""Small drawn pictures for the demo dealership: logos of makes and photos of cars."""

import base64
import io

from PIL import Image, ImageDraw


def _encode(image, kind="PNG"):
    stream = io.BytesIO()
    image.save(stream, kind, quality=70)
    return base64.b64encode(stream.getvalue())


def logo(color, initial):
    """Round badge with strokes that stand for the initial of a make."""
    image = Image.new("RGBA", (128, 128), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse((4, 4, 124, 124), fill=color)
    draw.ellipse((12, 12, 116, 116), outline="white", width=4)
    strokes = {
        "C": [((88, 44), (64, 34), (40, 50), (40, 78), (64, 94), (88, 84))],
        "X": [((40, 36), (88, 92)), ((88, 36), (40, 92))],
        "L": [((46, 34), (46, 92), (86, 92))],
    }
    for line in strokes[initial]:
        draw.line(line, fill="white", width=10, joint="curve")
    return _encode(image)


def company_logo(color):
    """A sail over a wave."""
    image = Image.new("RGBA", (360, 120), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.polygon([(60, 10), (60, 84), (14, 84)], fill=color)
    draw.polygon([(68, 24), (68, 84), (108, 84)], fill="#b5533c")
    draw.arc((4, 70, 64, 116), 20, 160, fill=color, width=8)
    draw.arc((56, 70, 116, 116), 20, 160, fill=color, width=8)
    for index, height in enumerate((60, 44, 60, 30, 60, 52)):
        left = 140 + index * 34
        draw.rounded_rectangle((left, 84 - height, left + 22, 84), 6, fill=color)
    draw.rectangle((140, 96, 332, 102), fill="#b5533c")
    return _encode(image)


def car_photo(color, slot):
    """A car of the given colour, seen as the photo slot asks."""
    image = Image.new("RGB", (480, 320), "#cfd8df")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 220, 480, 320), fill="#8f979c")
    if slot == "odometer":
        draw.ellipse((120, 60, 360, 300), fill="#15181b", outline="#e8e8e8", width=6)
        draw.line((240, 180, 330, 110), fill="#d33", width=6)
        draw.rectangle((200, 220, 280, 250), fill="#0d3b2e")
    elif slot == "vin_plate":
        draw.rounded_rectangle((70, 110, 410, 210), 12, fill="#d9d9d6", outline="#555", width=4)
        for index in range(17):
            left = 92 + index * 18
            draw.rectangle((left, 148, left + 11, 172), fill="#333")
    else:
        flip = slot == "rear_45"
        body = [(40, 230), (46, 180), (130, 168), (190, 110), (330, 106), (390, 170), (444, 186)]
        body += [(448, 232)]
        glass = [(152, 168), (200, 122), (256, 119), (256, 166)]
        rear_glass = [(266, 166), (266, 119), (322, 118), (366, 166)]
        mirror = (lambda p: (480 - p[0], p[1])) if flip else (lambda p: p)
        draw.polygon([mirror(point) for point in body], fill=color, outline="#222")
        for window in (glass, rear_glass):
            draw.polygon([mirror(point) for point in window], fill="#2b3a46")
        for x in (120, 360):
            draw.ellipse((x - 38, 194, x + 38, 270), fill="#16181a")
            draw.ellipse((x - 18, 214, x + 18, 250), fill="#b9bec2")
    return _encode(image, "JPEG")
