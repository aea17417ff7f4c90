using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// Arithmetic of tensors and numbers whose scalar lives until the call has returned. TorchSharp's operators convert a number to a temporary <c>Scalar</c>, which may be
/// finalized, and so freed, while the native call still reads it, when another thread collects garbage; a sum of two tensors has one too, the factor 1.
/// </summary>
internal static class KeptScalars
{
    private static readonly Scalar Zero = 0;
    private static readonly Scalar One = 1;

    extension(Tensor x)
    {
        /// <summary>x·y.</summary>
        public Tensor Times(double y)
        {
            using Scalar kept = y;
            return x.mul(kept);
        }

        /// <summary>x·y; integers stay integers.</summary>
        public Tensor Times(long y)
        {
            using Scalar kept = y;
            return x.mul(kept);
        }

        /// <summary>x/y.</summary>
        public Tensor Over(double y)
        {
            using Scalar kept = y;
            return x.div(kept);
        }

        /// <summary>x + y.</summary>
        public Tensor Plus(Tensor y) => x.add(y, One);

        /// <summary>x + y.</summary>
        public Tensor Plus(double y)
        {
            using Scalar kept = y;
            return x.add(kept, One);
        }

        /// <summary>x + y; integers stay integers.</summary>
        public Tensor Plus(long y)
        {
            using Scalar kept = y;
            return x.add(kept, One);
        }

        /// <summary>x += y, and x.</summary>
        public Tensor Increase(Tensor y) => x.add_(y, One);

        /// <summary>x += y·factor, and x.</summary>
        public Tensor Increase(Tensor y, double factor)
        {
            using Scalar kept = factor;
            return x.add_(y, kept);
        }

        /// <summary>x += y, and x; the caller keeps y.</summary>
        public Tensor Increase(Scalar y) => x.add_(y, One);

        /// <summary>x += 1, and x.</summary>
        public Tensor Increment() => x.add_(One, One);

        /// <summary>x, with y's rows added at the places of an index along a dimension. On a GPU rows of one place are added in any order, and so rounded in any way.</summary>
        public Tensor PlusAt(long dimension, Tensor index, Tensor y) => x.index_add(dimension, index, y, One);

        /// <summary>x within bounds.</summary>
        public Tensor Within(double least, double greatest)
        {
            using Scalar min = least, max = greatest;
            return x.clamp(min, max);
        }

        /// <summary>x, at least as large as a bound.</summary>
        public Tensor AtLeast(double least)
        {
            using Scalar kept = least;
            return x.clamp_min(kept);
        }

        /// <summary>Where x = y.</summary>
        public Tensor EqualTo(double y)
        {
            using Scalar kept = y;
            return x.eq(kept);
        }

        /// <summary>Where x = y, of integers.</summary>
        public Tensor EqualTo(long y)
        {
            using Scalar kept = y;
            return x.eq(kept);
        }

        /// <summary>Where x &lt; y, of integers.</summary>
        public Tensor LessThan(long y)
        {
            using Scalar kept = y;
            return x.lt(kept);
        }

        /// <summary>x, with one value where a mask is true.</summary>
        public Tensor With(Tensor mask, double value)
        {
            using Scalar kept = value;
            return x.masked_fill(mask, kept);
        }

        /// <summary>Writes one value where a mask is true.</summary>
        public Tensor Fill(Tensor mask, double value)
        {
            using Scalar kept = value;
            return x.masked_fill_(mask, kept);
        }

        /// <summary>Writes one value everywhere.</summary>
        public Tensor Fill(double value)
        {
            using Scalar kept = value;
            return x.fill_(kept);
        }
    }

    /// <summary>A tensor of one value.</summary>
    public static Tensor Full(long[] shape, double value, ScalarType dtype, Device device)
    {
        using Scalar kept = value;
        return full(shape, kept, dtype, device);
    }

    /// <summary>A tensor of one integer.</summary>
    public static Tensor Full(long[] shape, long value, ScalarType dtype, Device device)
    {
        using Scalar kept = value;
        return full(shape, kept, dtype, device);
    }

    /// <summary>0, 1, ... below an end.</summary>
    public static Tensor Range(long end, ScalarType dtype, Device? device = null)
    {
        using Scalar stop = end;
        return arange(Zero, stop, One, dtype, device);
    }

    /// <summary>The integers from a start, one of each <paramref name="step"/>, below an end.</summary>
    public static Tensor Range(long from, long end, long step, ScalarType dtype, Device? device = null)
    {
        using Scalar start = from, stop = end, stride = step;
        return arange(start, stop, stride, dtype, device);
    }

    /// <summary>Calls a compiled function of three tensors and a number.</summary>
    public static object Invoke(jit.CompilationUnit unit, string function, Tensor a, Tensor b, Tensor c, double number)
    {
        using Scalar kept = number;
        return unit.invoke(function, a, b, c, kept);
    }
}
