# The features of a response surface as lavaan defines parameters, for the scripts beside this one.
features <- "
a1 := b1 + b2
a2 := b3 + b4 + b5
a3 := b1 - b2
a4 := b3 - b4 + b5
a5 := b3 - b5
x0 := (b2*b4 - 2*b1*b5) / (4*b3*b5 - b4^2)
y0 := (b1*b4 - 2*b2*b3) / (4*b3*b5 - b4^2)
p11 := (b5 - b3 + sqrt((b3 - b5)^2 + b4^2)) / b4
p10 := y0 - p11*x0
p21 := (b5 - b3 - sqrt((b3 - b5)^2 + b4^2)) / b4
p20 := y0 - p21*x0
"
