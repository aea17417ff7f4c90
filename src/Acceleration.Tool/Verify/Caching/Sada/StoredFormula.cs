using System.Globalization;
using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>The network of recorded runs that their metadata states as a sentence: a·x + b·sin(c·x + d·t/1000) − (e + f·t/1000)·target.</summary>
internal sealed partial class StoredFormula
{
    private readonly double[] _numbers;
    private readonly Tensor _target;

    /// <exception cref="NotKnownException">The sentence states another one.</exception>
    public StoredFormula(GoldenFile file)
    {
        var sentence = file.Text("model");
        var match = Sentence().Match(sentence);
        if (!match.Success)
        {
            throw new NotKnownException($"model = '{sentence}' is not known yet; known is model_out = a*xin + b*sin(c*xin + d*t/1000) - (e + f*t/1000)*target, with the last output reused in skipped steps.");
        }

        _numbers = [.. match.Groups.Values.Skip(1).Select(g => double.Parse(g.Value, CultureInfo.InvariantCulture))];
        _target = file.Read("input.target");
    }

    /// <summary>The output for latents as the network is given them.</summary>
    public Tensor Of(Tensor x, double time)
    {
        var t = time / 1000;
        var pull = _target * (float)(_numbers[4] + (_numbers[5] * t));
        return (x * (float)_numbers[0]) + (((x * (float)_numbers[2]) + (float)(_numbers[3] * t)).sin() * (float)_numbers[1]) - pull;
    }

    [GeneratedRegex(@"^if the previous step set skip_next, the network is not run and its last output is reused; otherwise model_out = ([\d.]+)\*xin \+ ([\d.]+)\*sin\(([\d.]+)\*xin \+ ([\d.]+)\*t/1000\) - \(([\d.]+) \+ ([\d.]+)\*t/1000\)\*target with xin = scale_model_input\(x\)$")]
    private static partial Regex Sentence();
}
