using Acceleration.Tests.Models;
using SkiaSharp;

namespace Acceleration.Tests.Tool;

/// <summary><c>acceleration generate</c> on models that are conditioned on pictures.</summary>
public sealed class GeneratePicturesTests : ToolTest
{
    private readonly string[] _common;

    public GeneratePicturesTests() => _common = ["--prompt", "a coat", "--size", "32x32", "--steps", "2", "-o", PathOf("out")];

    [Theory]
    [InlineData("sd15-inpaint")]
    [InlineData("sdxl-inpaint")]
    [InlineData("flux-fill")]
    public void APartOfAPictureIsMadeAnew(string family)
    {
        var model = TinyModel.Write(PathOf("."), family);
        var (code, output, error) = Run(["generate", model, "--image", Picture("image", 40, 20, SKColors.Orange), "--mask", Picture("mask", 10, 10, SKColors.White), "--prompt", "a shoe", "--batch", "2", .. _common]);
        Assert.True(code == 0, error);
        Assert.Contains("2 of 2 of 32×32", output, StringComparison.Ordinal);
        var whole = File.ReadAllBytes(PathOf("out/000-seed0.png"));
        Assert.Equal(0, Run(["generate", model, "--image", PathOf("image.png"), "--mask", Picture("black", 10, 10, SKColors.Black), .. _common]).Code);
        Assert.NotEqual(whole, File.ReadAllBytes(PathOf("out/000-seed0.png")));
    }

    [Fact]
    public void AControlPictureLeads()
    {
        var model = TinyModel.Write(PathOf("."), "flux-control");
        var (code, _, error) = Run(["generate", model, "--control", Picture("edges", 40, 20, SKColors.White), .. _common]);
        Assert.True(code == 0, error);
        var one = File.ReadAllBytes(PathOf("out/000-seed0.png"));
        Assert.Equal(0, Run(["generate", model, "--control", Picture("none", 40, 20, SKColors.Black), .. _common]).Code);
        Assert.NotEqual(one, File.ReadAllBytes(PathOf("out/000-seed0.png")));
    }

    [Theory]
    [InlineData("wan-i2v")]
    [InlineData("cogvideox-i2v")]
    public void AFilmContinuesAPicture(string family)
    {
        var model = TinyModel.Write(PathOf("."), family);
        string[] film = ["generate", model, "--prompt", "a coat", "--size", "24x16x9", "--steps", "2", "-o", PathOf("out")];
        var (code, output, error) = Run([.. film, "--image", Picture("first", 40, 20, SKColors.Orange)]);
        Assert.True(code == 0, error);
        Assert.Contains("1 of 1 of 24×16×9", output, StringComparison.Ordinal);
        Assert.Equal(9, Directory.GetFiles(PathOf("out/000-seed0"), "frame*.png").Length);
        Refused("is conditioned on a first frame", film);
        Refused("--strength: '", [.. film, "--image", PathOf("first.png"), "--strength", "0.5"]);
        Refused(family == "wan-i2v" ? "--last-image: This network reads the first frame only" : "--last-image gives a last frame, which", [.. film, "--image", PathOf("first.png"), "--last-image", PathOf("first.png")]);
        Refused("--mask: '", [.. film, "--image", PathOf("first.png"), "--mask", PathOf("first.png")]);
    }

    [Fact]
    public void AStrengthStartsFromThePictureToo()
    {
        var model = TinyModel.Write(PathOf("."), "sd15-inpaint");
        string[] pictures = ["--image", Picture("image", 32, 32, SKColors.Orange), "--mask", Picture("mask", 32, 32, SKColors.White)];
        Assert.Equal(0, Run(["generate", model, .. pictures, .. _common]).Code);
        var noise = File.ReadAllBytes(PathOf("out/000-seed0.png"));
        Assert.Equal(0, Run(["generate", model, .. pictures, "--strength", "1", .. _common]).Code);
        Assert.Equal(noise, File.ReadAllBytes(PathOf("out/000-seed0.png")));
        var (code, output, error) = Run(["generate", model, .. pictures, "--strength", "0.5", "--json", .. _common]);
        Assert.True(code == 0, error);
        Assert.Equal(1, Json(output).GetProperty("evaluations").GetDouble() / 2);
    }

    [Fact]
    public void MissingPicturesAreNamedByTheirOptionBeforeAnythingIsLoaded()
    {
        var model = TinyModel.Write(PathOf("."), "sd15-inpaint");

        // Nothing is loaded: a damaged encoder would be complained of.
        File.WriteAllText(Path.Combine(model, "text_encoder", "config.json"), "{");
        var image = Picture("image", 32, 32, SKColors.Orange);
        Refused("is conditioned on a picture and a mask; give a picture with --image FILE", ["generate", model, .. _common]);
        Refused("give a mask with --mask FILE", ["generate", model, "--image", image, .. _common]);
        Refused("--image 'nowhere.png' cannot be read", ["generate", model, "--image", "nowhere.png", "--mask", image, .. _common]);
        File.WriteAllText(PathOf("text.png"), "no picture");
        Refused("is no picture that can be read", ["generate", model, "--image", image, "--mask", PathOf("text.png"), .. _common]);
        Refused("--control gives a control picture, which", ["generate", model, "--image", image, "--mask", image, "--control", image, .. _common]);
        Refused("give a control picture with --control FILE", ["generate", TinyModel.Write(PathOf("."), "flux-control"), "--image", image, .. _common]);
    }

    [Fact]
    public void SizesThatDoNotFitAreRefusedBeforePicturesAreEncoded()
    {
        var model = TinyModel.Write(PathOf("."), "sd15-inpaint");
        Refused("multiples of 4; 30×32 was asked for", "generate", model, "--image", Picture("image", 9, 9, SKColors.Orange), "--mask", Picture("mask", 9, 9, SKColors.White), "--size", "30x32", "--prompt", "a coat", "-o", PathOf("out"));
    }

    [Fact]
    public void LargePicturesAreDecodedInTiles()
    {
        var model = TinyModel.Write(PathOf("."), "sd15");
        Assert.Equal(0, Run(["generate", model, .. _common]).Code);
        var whole = File.ReadAllBytes(PathOf("out/000-seed0.png"));
        var (code, _, error) = Run(["generate", model, "--tiled", .. _common]);
        Assert.True(code == 0, error);
        Assert.NotEqual(whole, File.ReadAllBytes(PathOf("out/000-seed0.png")));
        using var picture = SKBitmap.Decode(PathOf("out/000-seed0.png"));
        Assert.Equal((32, 32), (picture.Width, picture.Height));
    }

    [Fact]
    public void AnotherAutoencoderIsTaken()
    {
        var model = TinyModel.Write(PathOf("."), "sd15");
        Directory.Delete(Path.Combine(model, "vae"), recursive: true);
        var (code, _, error) = Run(["generate", model, "--autoencoder", Golden.PathOf("models/autoencoder_kl"), .. _common]);
        Assert.True(code == 0, error);
        Assert.True(File.Exists(PathOf("out/000-seed0.png")));
        Refused("does not exist", ["generate", model, "--autoencoder", "nowhere.safetensors", .. _common]);
        Refused("is one of films, and tiny-sd15 makes pictures", ["generate", model, "--autoencoder", Golden.PathOf("models/autoencoder_kl_wan"), .. _common]);
    }

    /// <summary>A picture with a frame of another colour.</summary>
    private string Picture(string name, int width, int height, SKColor colour)
    {
        using var picture = new SKBitmap(width, height);
        picture.Erase(SKColors.Gray);
        picture.Erase(colour, new SKRectI(width / 4, height / 4, width, height));
        using var data = picture.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(PathOf(name + ".png"), data.ToArray());
        return PathOf(name + ".png");
    }
}
